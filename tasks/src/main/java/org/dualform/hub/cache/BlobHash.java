package org.dualform.hub.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dualform.hub.http.RemoteFile;

/** Compares a file with its etag: SHA-256 of its content (64 digits), or git's SHA-1 of the blob (40). */
final class BlobHash {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
    private static final int SHA256_DIGITS = 64;
    private static final int GIT_DIGITS = 40;

    private BlobHash() {}

    /** What is wrong with the file; empty if it is the one meant. An etag that is no hash leaves only the size. */
    static Optional<String> wrong(Path file, RemoteFile meant) throws IOException {
        long size = Files.size(file);
        if (meant.size() >= 0 && size != meant.size()) {
            return Optional.of("it has " + size + " bytes instead of " + meant.size());
        }
        if (!HEX.matcher(meant.etag()).matches()) return Optional.empty();
        MessageDigest digest;
        if (meant.etag().length() == SHA256_DIGITS) {
            digest = digest("SHA-256");
        } else if (meant.etag().length() == GIT_DIGITS) {
            digest = digest("SHA-1");
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        } else {
            return Optional.empty();
        }
        String found = hash(file, digest);
        return found.equals(meant.etag())
                ? Optional.empty()
                : Optional.of("its hash is " + found + " instead of " + meant.etag());
    }

    private static String hash(Path file, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
