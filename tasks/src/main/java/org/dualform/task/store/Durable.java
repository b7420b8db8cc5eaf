package org.dualform.task.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File operations of which, after a crash, either all or nothing is seen. */
public final class Durable {
    private Durable() {}

    /** Replaces {@code file} by {@code bytes}: a temporary sibling, flushed to the disk, then renamed. */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) throw new IOException(file + " is a folder");
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, "." + target.getFileName(), ".tmp");
        try {
            Files.write(temporary, bytes);
            flush(temporary);
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
        flush(folder);
    }

    /** Renames within one file system, replacing a file there may be. */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(from + " and " + to + " are on different file systems", e);
        }
    }

    /** Forces a file's or a folder's content to the disk. */
    static void flush(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
