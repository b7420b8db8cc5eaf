package org.dualform.mlflow.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps a file under another name, so that the original may go. */
final class KeptFile {
    private KeptFile() {}

    /** Links the file, or copies it. A file that is there under the new name is replaced. */
    static void keep(Path file, Path kept) throws IOException {
        Files.deleteIfExists(kept);
        try {
            Files.createLink(kept, file);
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system, or one without links.
            Files.copy(file, kept);
        }
    }
}
