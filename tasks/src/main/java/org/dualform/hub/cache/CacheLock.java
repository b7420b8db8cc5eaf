package org.dualform.hub.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.dualform.hub.http.Patience;
import org.jspecify.annotations.Nullable;

/**
 * Held while a blob is fetched, so that tasks beside each other fetch it once. It saves work and is not what keeps the
 * cache right: writers put equal bytes at equal places, and a blob gets its name after its hash was compared. So a file
 * system without locks, or Python's flock beside Java's fcntl, does no harm.
 */
final class CacheLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param waiting told once if it has to wait
     * @param alive called while waiting; stops it by throwing
     */
    static CacheLock take(Path file, Runnable waiting, Runnable alive) throws IOException {
        Files.createDirectories(file.getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            boolean told = false;
            while (!holds(channel)) {
                if (!told) waiting.run();
                told = true;
                Patience.sleep(POLL, alive);
            }
            taken = true;
            return new CacheLock(channel);
        } finally {
            if (!taken) channel.close();
        }
    }

    private static boolean holds(FileChannel channel) {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another thread of this process
        } catch (IOException e) {
            return true; // no locks on this file system
        }
    }

    /** Lets it go. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
