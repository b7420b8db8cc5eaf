package org.dualform.task.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.dualform.base.Sha256;
import org.dualform.contract.UserException;

/**
 * Files that other workers made, each fetched once by this worker and kept by the hash of its bytes. Their space is
 * bounded ({@link InputSpace}).
 *
 * <pre>
 * inputs/SHA256/data   the file; renamed into place when its hash was compared
 * inputs/SHA256/part   what was received before a fetch was interrupted; the next fetch goes on from there
 * </pre>
 *
 * <p>The folder's time of change is when the file was used last. The caller holds the lock of the hash.
 */
public final class InputCache {
    private static final String DATA = "data";
    private static final String PART = "part";

    private final Path root;
    private final FileHashes hashes;
    private final InputSpace space;

    InputCache(Path root, FileHashes hashes, InputSpace space) {
        this.root = root;
        this.hashes = hashes;
        this.space = space;
    }

    /** Brings the bytes of a file. */
    @FunctionalInterface
    public interface Fetch {
        /** @param part where to write; it may hold the file's beginning already */
        void into(Path part) throws IOException;
    }

    /**
     * The file with these bytes, which is fetched if it is not here.
     *
     * @param name what the file is to its reader, for messages
     * @throws UserException if what comes has other bytes
     */
    Path file(String name, String sha256, long bytes, Fetch fetch) throws IOException {
        Path folder = Files.createDirectories(root.resolve(sha256));
        Path data = folder.resolve(DATA);
        space.use(folder);
        if (!isGood(data, sha256, bytes)) {
            Path part = folder.resolve(PART);
            boolean resumed = Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS);
            if (!resumed) Files.deleteIfExists(part); // a link
            String got = fetch(part, fetch);
            if (resumed && !got.equals(sha256)) {
                // What was left of the first fetch may have been damaged since. Fetch everything once more.
                Files.delete(part);
                got = fetch(part, fetch);
            }
            if (!got.equals(sha256)) {
                Files.delete(part);
                throw UserException.data("Input " + name + " is not what was sent: it has sha256 " + got + ", expected "
                        + sha256 + ". Somebody changed or replaced it. Clear the task that made it.");
            }
            Durable.flush(part);
            Durable.move(part, data);
            Durable.flush(folder);
            space.makeRoom();
        }
        return data;
    }

    private static String fetch(Path part, Fetch fetch) throws IOException {
        try {
            fetch.into(part);
        } catch (UserException e) {
            // The file is not the right one, so its beginning is of no use either.
            Files.deleteIfExists(part);
            throw e;
        }
        return Sha256.hex(part);
    }

    /** Whether the file is here whole. A damaged one is fetched anew. A link may lead anywhere and is not followed. */
    private boolean isGood(Path data, String sha256, long bytes) throws IOException {
        if (Files.isRegularFile(data, LinkOption.NOFOLLOW_LINKS)
                && Files.size(data) == bytes
                && hashes.of(data).equals(sha256)) return true;
        Files.deleteIfExists(data);
        return false;
    }
}
