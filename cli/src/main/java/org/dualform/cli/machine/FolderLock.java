package org.dualform.cli.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.PermanentException;
import org.jspecify.annotations.Nullable;

/** Lets one process at a time work on something under the state folder; freed by the system if the process dies. */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for the lock; says so once if it is held. */
    public static FolderLock take(Path file, String what, Console console) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                console.say("waiting for another dualform process to finish " + what);
                channel.lock();
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new PermanentException("Cannot lock " + file + ": " + e.getMessage() + ".", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new PermanentException("Cannot release a lock: " + e.getMessage() + ".", e);
        }
    }
}
