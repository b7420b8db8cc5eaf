package org.dualform.dev.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.base.Sha256;

/** SHA256SUMS, which {@code sha256sum --check} reads. */
final class Checksums {
    private Checksums() {}

    /** Writes it for all files of a folder. */
    static void write(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.sorted().toList();
        }
        StringBuilder text = new StringBuilder();
        for (Path file : all) {
            text.append(Sha256.hex(file))
                    .append("  ")
                    .append(file.getFileName())
                    .append('\n');
        }
        Files.writeString(folder.resolve("SHA256SUMS"), text);
    }
}
