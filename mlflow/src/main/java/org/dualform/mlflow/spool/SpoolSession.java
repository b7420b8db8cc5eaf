package org.dualform.mlflow.spool;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.dualform.base.LockFile;
import org.dualform.mlflow.live.Operation;

/**
 * What one process could not say about one run: a folder with a {@link SpoolLog}, copies of the files that it names, and
 * a lock. Whoever holds the lock writes or delivers. The system releases the lock when that process dies.
 *
 * <p>Beside the lock, which keeps other processes out, a holder has a mark, which keeps its own process out: a file whose
 * name is that of the process. A second look from one process must not even open the lock's file, because POSIX drops a
 * process's locks on a file when the process closes any of its channels on it.
 */
public final class SpoolSession implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String MARK = "held-by-";
    private static final int ATTEMPTS = 10;

    private final Path folder;
    private final SpoolLog log;
    private final LockFile lockFile;

    private SpoolSession(Path folder, LockFile lockFile) {
        this.folder = folder;
        this.log = new SpoolLog(folder);
        this.lockFile = lockFile;
    }

    /**
     * Makes a session below {@code runFolder}. Its name sorts after those of earlier sessions. It is made and locked in
     * {@code scratch}, so that nobody sees it before it is locked.
     */
    static SpoolSession create(Path runFolder, Path scratch, SpoolLog.Header header) throws IOException {
        String name = String.format("%015d-%s", System.currentTimeMillis(), UUID.randomUUID());
        Path made = Files.createDirectory(scratch.resolve(name));
        SpoolSession session = lock(made).orElseThrow(() -> new IOException("Cannot lock the new " + made));
        session.log.append(header);
        for (int attempt = 1; ; attempt++) {
            try {
                Path folder = Files.createDirectories(runFolder).resolve(name);
                Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
                return new SpoolSession(folder, session.lockFile);
            } catch (NoSuchFileException e) {
                // A deliverer has just deleted the empty run folder.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Empty if the session is held, by this process or by another, or if it has just been delivered. */
    static Optional<SpoolSession> lock(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            Files.createFile(mark(folder));
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<SpoolSession> locked = Optional.empty();
        try {
            locked = lockMarked(folder);
        } finally {
            if (locked.isEmpty()) {
                Files.deleteIfExists(mark(folder));
            }
        }
        return locked;
    }

    /** As {@link #lock}, if no other thread of this process looks at the folder. */
    private static Optional<SpoolSession> lockMarked(Path folder) throws IOException {
        LockFile file;
        try {
            file = LockFile.open(folder.resolve(LOCK));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (file.tryHold(0).isPresent() && Files.isDirectory(folder)) {
            return Optional.of(new SpoolSession(folder, file));
        }
        file.close();
        return Optional.empty();
    }

    /** The mark of this process. Its start tells it from an earlier process, or one in another container, of its number. */
    private static Path mark(Path folder) {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return folder.resolve(MARK + self.pid() + "-" + start);
    }

    Path folder() {
        return folder;
    }

    SpoolLog log() {
        return log;
    }

    /** Keeps the operation, and the file that it names, so that the original may go. */
    public void append(Operation operation) throws IOException {
        if (operation instanceof Operation.PutFile put) {
            Path copy = folder.resolve(
                    "file-" + UUID.randomUUID() + "-" + put.file().getFileName());
            KeptFile.keep(put.file(), copy);
            log.append(new Operation.PutFile(put.path(), copy.getFileName(), put.table()));
        } else {
            log.append(operation);
        }
    }

    /** Deletes the session; lock and mark go last. Whoever has the lock file open meanwhile finds nothing to deliver. */
    public void remove() throws IOException {
        try (var entries = Files.list(folder)) {
            for (Path file : entries.filter(f -> !f.endsWith(LOCK) && !f.equals(mark(folder)))
                    .toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(mark(folder));
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Another deliverer looks in; it will remove what it finds empty.
        }
    }

    /** Releases the lock, so that the session can be delivered. */
    @Override
    public void close() throws IOException {
        lockFile.close();
        Files.deleteIfExists(mark(folder));
    }
}
