package org.dualform.mlflow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.dualform.base.LockFile;

/**
 * What one process could not say about one run: a folder with {@code ops.jsonl} (first line: server and specification),
 * {@code done} (how many lines have been delivered) and copies of the files that are named. Whoever holds the lock
 * writes or delivers; the system releases it when that process dies.
 */
final class SpoolSession implements AutoCloseable {
    private static final String OPS = "ops.jsonl";
    private static final String DONE = "done";
    private static final String LOCK = "lock";

    /** The first line. */
    record Header(int version, String server, RunSpec run) {}

    private final Path folder;
    private final LockFile lockFile;

    private SpoolSession(Path folder, LockFile lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * A new session below {@code runFolder}; later ones sort after earlier ones. Made and locked in {@code scratch}, so
     * that nobody sees it before it is ours.
     */
    static SpoolSession create(Path runFolder, Path scratch, Header header) throws IOException {
        String name = String.format("%015d-%s", System.currentTimeMillis(), UUID.randomUUID());
        Path made = Files.createDirectory(scratch.resolve(name));
        SpoolSession session = lock(made).orElseThrow(() -> new IOException("Cannot lock the new " + made));
        session.writeLine(Json.MAPPER.writeValueAsString(header));
        for (int attempt = 1; ; attempt++) {
            try {
                Path folder = Files.createDirectories(runFolder).resolve(name);
                Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
                return new SpoolSession(folder, session.lockFile);
            } catch (NoSuchFileException e) {
                // A deliverer has just tidied the empty run folder away.
                if (attempt == 10) {
                    throw e;
                }
            }
        }
    }

    /** Empty where another holds it, in this process or elsewhere, or where it has just been delivered. */
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

    /** Keeps the operation; a file that it names is linked or copied here, so that the original may go. */
    void append(Operation operation) throws IOException {
        Operation kept = operation;
        if (operation instanceof Operation.PutFile put) {
            Path copy = folder.resolve(
                    "file-" + UUID.randomUUID() + "-" + put.file().getFileName());
            keep(put.file(), copy);
            kept = new Operation.PutFile(put.path(), copy.getFileName(), put.table());
        }
        writeLine(Json.MAPPER.writerFor(Operation.class).writeValueAsString(kept));
    }

    private static void keep(Path file, Path copy) throws IOException {
        try {
            Files.createLink(copy, file);
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system, or one without links.
            Files.copy(file, copy);
        }
    }

    private void writeLine(String json) throws IOException {
        try (FileChannel ops =
                FileChannel.open(folder.resolve(OPS), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer line = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                ops.write(line);
            }
            ops.force(true);
        }
    }

    /** Whole lines; one that was cut by the end of its writer is left out. */
    List<String> lines() throws IOException {
        Path file = folder.resolve(OPS);
        String text = Files.exists(file) ? Files.readString(file) : "";
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (!text.isEmpty() && !text.endsWith("\n")) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    static Header header(String line) throws IOException {
        return Json.MAPPER.readValue(line, Header.class);
    }

    /** With the paths of its files made absolute. */
    Operation operation(String line) throws IOException {
        Operation operation = Json.MAPPER.readValue(line, Operation.class);
        if (operation instanceof Operation.PutFile put) {
            Path file = folder.resolve(put.file().getFileName().toString());
            return new Operation.PutFile(put.path(), file, put.table());
        }
        return operation;
    }

    /** Lines delivered or set aside so far; the first line counts. 0 where a power cut has spoilt the mark. */
    int done() throws IOException {
        Path file = folder.resolve(DONE);
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
        } catch (NumberFormatException e) {
            return 0; // What was delivered before is delivered again, which changes nothing.
        }
    }

    void done(int lines) throws IOException {
        Path part = folder.resolve(DONE + ".part");
        Files.writeString(part, Integer.toString(lines));
        Files.move(part, folder.resolve(DONE), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes the session; its lock goes last. One who had the lock file open meanwhile finds nothing to deliver. */
    void remove() throws IOException {
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

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
