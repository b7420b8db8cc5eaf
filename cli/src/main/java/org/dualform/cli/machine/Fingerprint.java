package org.dualform.cli.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.base.Sha256;

/** One hash over texts and files: what something was made from. */
public final class Fingerprint {
    private final MessageDigest digest = Sha256.newDigest();

    public Fingerprint text(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return this;
    }

    /** Adds a file, or every file below a folder with its relative name; caches of tools do not count. */
    public Fingerprint files(Path path) {
        List<Path> all;
        try (Stream<Path> found = Files.walk(path)) {
            all = found.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().matches(".*(__pycache__|\\.egg-info|_cache)/.*"))
                    .sorted()
                    .toList();
            for (Path file : all) {
                text(path.relativize(file).toString());
                digest.update(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public String hex() {
        return Sha256.hex(digest);
    }
}
