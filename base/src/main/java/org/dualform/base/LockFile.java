package org.dualform.base;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A file whose bytes are locked so that one holder at a time, among all processes and their threads, does some work.
 *
 * <p>The lock that guards one thing is the lock on byte 0. A file that guards many things uses one byte for each. The
 * bytes need not exist. Closing the file releases all its locks, and so does the end of the process. The file itself stays.
 *
 * <p>POSIX drops all locks of a process on a file when the process closes <em>any</em> of its channels on it. A process
 * that locks several bytes of one file therefore opens it once.
 */
public final class LockFile implements Closeable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final FileChannel channel;

    private LockFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file and makes it if there is none. Its folder must exist. */
    public static LockFile open(Path file) throws IOException {
        return new LockFile(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    }

    /**
     * Locks one byte if nobody holds it.
     *
     * @return the lock; empty if another process, or another thread of this one, holds that byte
     * @throws IOException if the file system has no locks
     */
    public Optional<FileLock> tryHold(long position) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock(position, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    /**
     * Locks one byte, and waits while another holds it.
     *
     * @param waiting called once if there is a wait
     * @param alive called before each look at the lock but the first; it ends the wait by throwing
     * @throws IOException if the file system has no locks
     */
    public FileLock hold(long position, Runnable waiting, Runnable alive) throws IOException, InterruptedException {
        Optional<FileLock> lock = tryHold(position);
        if (lock.isEmpty()) waiting.run();
        while (lock.isEmpty()) {
            Wait.sleep(POLL, alive);
            lock = tryHold(position);
        }
        return lock.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
