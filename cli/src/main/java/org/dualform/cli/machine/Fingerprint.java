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

/** One hash over the texts and files that something was made from. If any of them changes, the hash changes. */
public final class Fingerprint {
    private final MessageDigest digest = Sha256.newDigest();

    public Fingerprint text(String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return this;
    }

    /** Adds a file, or every file below a folder with its relative name. It leaves out the caches of tools. */
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
