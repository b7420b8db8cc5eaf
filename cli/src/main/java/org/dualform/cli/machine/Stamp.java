package org.dualform.cli.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that records what a folder was made from. It is written last, so that a half-made folder has none. */
public record Stamp(Path file, String wanted) {

    public boolean matches() {
        try {
            return Files.exists(file) && wanted.equals(Files.readString(file));
        } catch (IOException e) {
            return false;
        }
    }

    public void write() {
        try {
            Files.writeString(file, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
