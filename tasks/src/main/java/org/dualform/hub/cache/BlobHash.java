package org.dualform.hub.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dualform.base.Sha256;
import org.dualform.hub.http.RemoteFile;

/**
 * Compares a downloaded file with its etag, which the hub makes of the content: SHA-256 (64 digits) for large files, git's
 * SHA-1 of the blob (40 digits) for small ones.
 */
final class BlobHash {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");
    private static final int SHA256_DIGITS = 64;
    private static final int GIT_DIGITS = 40;

    private BlobHash() {}

    /**
     * What is wrong with the file; empty if it is the one that was asked for. Where the etag is not a hash, only the size is
     * compared.
     */
    static Optional<String> wrong(Path file, RemoteFile meant) throws IOException {
        long size = Files.size(file);
        if (meant.size() >= 0 && size != meant.size()) {
            return Optional.of("it has " + size + " bytes instead of " + meant.size());
        }
        if (!HEX.matcher(meant.etag()).matches()) return Optional.empty();
        String found;
        if (meant.etag().length() == SHA256_DIGITS) found = Sha256.hex(file);
        else if (meant.etag().length() == GIT_DIGITS) found = gitHash(file, size);
        else return Optional.empty();
        return found.equals(meant.etag())
                ? Optional.empty()
                : Optional.of("its hash is " + found + " instead of " + meant.etag());
    }

    /** The name that git gives a file's content: SHA-1 of a short header and the content. */
    private static String gitHash(Path file, long size) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1.", e);
        }
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
