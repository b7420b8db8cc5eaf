package org.dualform.mlflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dualform.mlflow.spool.Spool;

/** Texts of a run as files, and files under other names, until the run is closed: they may have to be sent again. */
final class TextFiles implements AutoCloseable {
    private final Spool spool;
    private final List<Path> files = new ArrayList<>();

    TextFiles(Spool spool) {
        this.spool = spool;
    }

    synchronized Path write(String content) throws IOException {
        return Files.writeString(next(), content);
    }

    /** Keeps a file, so that the original may go. */
    synchronized Path keep(Path file) throws IOException {
        Path kept = next();
        Spool.keep(file, kept);
        return kept;
    }

    private Path next() {
        Path file = spool.scratch().resolve("text-" + UUID.randomUUID());
        files.add(file);
        return file;
    }

    @Override
    public synchronized void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
