package org.dualform.hub.cache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.UserException;

/**
 * The disk that holds the cache.
 *
 * @param usable the number of free bytes at a folder; negative where it is unknown
 */
public record Storage(Path root, ToLongFunction<Path> usable) {
    private static final long RESERVE = 64L << 20;
    private static final long MEGABYTE = 1 << 20;

    public static Storage of(Path root) {
        return new Storage(root, Storage::usable);
    }

    /** @throws PermanentException if {@code bytes}, and a small reserve, do not fit on the disk */
    void require(long bytes, String what) {
        Path folder = root;
        while (!Files.isDirectory(folder) && folder.getParent() != null) folder = folder.getParent();
        long free = usable.applyAsLong(folder);
        if (free < 0 || free >= bytes + RESERVE) return;
        throw new PermanentException(
                what + " takes " + (bytes / MEGABYTE + 1) + " MiB, but the disk of " + root + " has only "
                        + free / MEGABYTE + " MiB left (" + RESERVE / MEGABYTE
                        + " MiB stay free). Nothing was fetched: free some space, or set HF_HOME to a folder on another"
                        + " disk.",
                null);
    }

    /** Explains an error of the disk, with what to do about it. */
    public DualformException explain(IOException e) {
        String text = e.getClass().getSimpleName() + ": " + e.getMessage();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new PermanentException(
                    "The disk of the hub's cache " + root + " is full. Free some space, or set HF_HOME to a folder on"
                            + " another disk; what was fetched is kept, and a rerun continues from there.",
                    e);
        }
        if (e instanceof AccessDeniedException || lower.contains("read-only file system")) {
            return UserException.config("The hub's cache " + root + " must be writable (" + text
                    + "). Set HF_HOME to a folder of your own.");
        }
        return new PermanentException(
                "The hub's cache " + root + " could not be used (" + text
                        + "). Check it, or set HF_HOME to another folder.",
                e);
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return -1;
        }
    }
}
