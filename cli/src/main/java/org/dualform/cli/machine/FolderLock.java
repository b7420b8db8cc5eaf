package org.dualform.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.LockFile;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;

/** Lets only one process at a time work on something under the state folder. A process that dies frees its lock. */
public final class FolderLock implements AutoCloseable {
    private final LockFile file;

    private FolderLock(LockFile file) {
        this.file = file;
    }

    /** Waits for the lock, and says so once if another process holds it. */
    public static FolderLock take(Path file, String what, Console console) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            LockFile lock = LockFile.open(file);
            boolean taken = false;
            try {
                lock.hold(0, () -> console.say("waiting for another dualform process to finish " + what), () -> {});
                taken = true;
                return new FolderLock(lock);
            } finally {
                if (!taken) lock.close();
            }
        } catch (IOException e) {
            throw new PermanentException("Cannot lock " + file + ": " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PermanentException("Interrupted while waiting for the lock " + file + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new PermanentException("Cannot release a lock: " + e.getMessage() + ".", e);
        }
    }
}
