package org.dualform.cli.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that says what a folder was completely made from; written last, so that a half-made folder has none. */
record Stamp(Path file, String wanted) {

    boolean matches() {
        try {
            return Files.exists(file) && wanted.equals(Files.readString(file));
        } catch (IOException e) {
            return false;
        }
    }

    void write() {
        try {
            Files.writeString(file, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
