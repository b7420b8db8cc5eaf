package org.dualform.task.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File operations that are atomic: after a crash, an operation has either happened completely or not at all. */
public final class Durable {
    private Durable() {}

    /** Replaces a file: writes a temporary file beside it, flushes that to the disk, then renames it. */
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

    /** Renames within one file system. A file that has the new name already is replaced. */
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
