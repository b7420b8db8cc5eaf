package org.dualform.mlflow.spool;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import org.dualform.base.LockFile;
import org.dualform.mlflow.live.Operation;

/**
 * What one process could not say about one run: a folder with a {@link SpoolLog}, copies of the files that it names, and
 * a lock. Whoever holds the lock writes or delivers. The system releases the lock when that process dies.
 */
public final class SpoolSession implements AutoCloseable {
    private static final String LOCK = "lock";
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

    /** Deletes the session; the lock goes last. Whoever has the lock file open meanwhile finds nothing to deliver. */
    public void remove() throws IOException {
        try (var entries = Files.list(folder)) {
            for (Path file : entries.filter(f -> !f.endsWith(LOCK)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(folder.resolve(LOCK));
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
    }
}
