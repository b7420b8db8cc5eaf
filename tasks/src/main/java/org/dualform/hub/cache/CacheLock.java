package org.dualform.hub.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.LockFile;
import org.dualform.contract.TransientException;

/**
 * Held while a blob is fetched, so that tasks that run at the same time fetch it once. The lock only saves work: the cache
 * is right without it, because writers put equal bytes at equal places and a blob gets its name after its hash was
 * compared. It therefore does no harm where a file system has no locks, nor that Python's lock (flock) and Java's (fcntl)
 * do not see each other.
 */
final class CacheLock implements AutoCloseable {
    private final LockFile file;

    private CacheLock(LockFile file) {
        this.file = file;
    }

    /**
     * Waits for the lock.
     *
     * @param waiting called once if it has to wait
     * @param alive called while it waits; it ends the wait by throwing
     */
    static CacheLock take(Path path, Runnable waiting, Runnable alive) throws IOException {
        Files.createDirectories(path.getParent());
        LockFile file = LockFile.open(path);
        boolean taken = false;
        try {
            hold(file, waiting, alive);
            taken = true;
            return new CacheLock(file);
        } finally {
            if (!taken) file.close();
        }
    }

    private static void hold(LockFile file, Runnable waiting, Runnable alive) {
        try {
            file.hold(0, waiting, alive);
        } catch (IOException e) {
            // This file system has no locks: go on without.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while waiting for the hub.", e);
        }
    }

    /** Releases the lock. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
