package org.dualform.mlflow.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are needed for a moment only. */
public final class Scratch {
    private Scratch() {}

    /** @throws UncheckedIOException if the file is there and cannot be deleted */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
