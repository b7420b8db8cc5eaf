package org.dualform.task.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.dualform.base.FileTree;
import org.dualform.base.LockFile;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.stop.Cancellation;

/**
 * A folder of finished results, found by content key. Any number of processes may share one.
 *
 * <pre>
 * results/KIND/KEY/result.json     written last, atomically: a key is finished when it is there
 * results/KIND/KEY/ATTEMPT/FILE    outputs; an attempt is renamed into place whole and never changed
 * tmp/KEY.ATTEMPT/                 an attempt that is being written
 * inputs/                          what was fetched from other workers ({@link InputCache})
 * scratch/                         what a stopped task continues from (pretraining's checkpoint)
 * spool/                           what could not be sent to the tracking server yet
 * hashes/                          what {@link FileHashes} remembers
 * locks                            one byte per key is locked while it is computed, or per hash while it is fetched
 * </pre>
 *
 * <p>There is one lock file for all keys, opened once here and closed with the workspace: POSIX drops all of a
 * process's locks on a file as soon as <em>any</em> of the process's channels on it is closed.
 */
public final class Workspace implements Closeable {
    private final Path root;
    private final LockFile locks;
    private final FileHashes hashes;
    private final InputCache inputs;

    private Workspace(Path root, LockFile locks, long inputBytes) {
        this.root = root;
        this.locks = locks;
        this.hashes = new FileHashes(root.resolve("hashes"));
        Path fetched = root.resolve("inputs");
        this.inputs = new InputCache(fetched, hashes, new InputSpace(fetched, inputBytes, Clock.systemUTC()));
    }

    /** Opens the workspace with the standard bound for fetched inputs. */
    public static Workspace open(Path root) throws IOException {
        return open(root, Map.of());
    }

    /**
     * Opens the workspace, making its folders.
     *
     * @param environment the environment variables; one of them bounds the space of fetched inputs
     */
    public static Workspace open(Path root, Map<String, String> environment) throws IOException {
        long inputBytes = InputSpace.limit(environment);
        Path absolute = root.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw UserException.config("The workspace " + absolute + " is a file; a workspace is a folder.");
        }
        Files.createDirectories(absolute.resolve("tmp"));
        return new Workspace(absolute, LockFile.open(absolute.resolve("locks")), inputBytes);
    }

    public Path root() {
        return root;
    }

    public FileHashes hashes() {
        return hashes;
    }

    /** The finished result of a key, as it was first written; empty if there is none or one of its files is gone. */
    public Optional<Result> finished(String kind, String key) throws IOException {
        Path file = folder(kind, key).resolve("result.json");
        if (!Files.exists(file)) return Optional.empty();
        try {
            Result result = Result.parse(Json.mapper().readTree(Files.readAllBytes(file)));
            for (Reference output : result.outputs().values()) {
                Path path = root.resolve(output.path());
                if (!Files.exists(path) || Files.size(path) != output.bytes()) return Optional.empty();
            }
            return Optional.of(result);
        } catch (JsonProcessingException | UserException e) {
            // The result was damaged from outside. Computing it again repairs it.
            return Optional.empty();
        }
    }

    /**
     * Waits until no other task computes this key, then locks it.
     *
     * @param waiting gets one sentence for people if there is something to wait for
     */
    public Slot hold(String kind, String key, Cancellation cancellation, Consumer<String> waiting) throws IOException {
        Runnable told = () -> waiting.accept("Another task computes the same; waiting for it.");
        Slot slot = new Slot(kind, key, lock(key, cancellation, told), cancellation);
        try {
            slot.sweep();
            sweepOthers(key);
        } catch (IOException e) {
            slot.close();
            throw e;
        }
        return slot;
    }

    /**
     * Deletes what killed tasks left of other keys. Their next try may run on another worker, which does not see this
     * folder. An attempt whose key nobody has locked has no owner any more.
     */
    private void sweepOthers(String own) throws IOException {
        try (DirectoryStream<Path> attempts = Files.newDirectoryStream(root.resolve("tmp"), Workspace::isAttempt)) {
            for (Path attempt : attempts) {
                String key = attempt.getFileName().toString().substring(0, own.length());
                if (position(key) == position(own)) continue;
                Optional<FileLock> free = locks.tryHold(position(key));
                if (free.isEmpty()) continue;
                try {
                    FileTree.delete(attempt);
                } finally {
                    free.get().release();
                }
            }
        }
    }

    private static boolean isAttempt(Path path) {
        return path.getFileName().toString().matches("[0-9a-f]{64}\\.[0-9a-f]{8}");
    }

    private static long position(String key) {
        return Long.parseUnsignedLong(key.substring(0, 15), 16);
    }

    /**
     * The file with these bytes, which another worker made. It is fetched if it is not here. Two tasks that want the same
     * file at the same time fetch it once.
     *
     * @param name the name of the input, for messages
     * @param waiting gets one sentence for people if another task fetches it
     * @throws UserException if what comes has other bytes
     */
    public Path fetched(
            String name,
            Reference reference,
            InputCache.Fetch fetch,
            Cancellation cancellation,
            Consumer<String> waiting)
            throws IOException {
        Runnable told = () -> waiting.accept("Another task fetches the input " + name + "; waiting for it.");
        FileLock lock = lock(reference.sha256(), cancellation, told);
        try {
            return inputs.file(name, reference.sha256(), reference.bytes(), fetch);
        } finally {
            lock.release();
        }
    }

    /** @param key 64 hexadecimal digits, of which the first 15 choose the byte that is locked */
    private FileLock lock(String key, Cancellation cancellation, Runnable told) throws IOException {
        while (true) {
            try {
                return locks.hold(position(key), told, cancellation::check);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                cancellation.request();
                cancellation.check();
            }
        }
    }

    /**
     * The file behind a reference, after its hash was compared.
     *
     * @param name the name of the input, for messages
     * @throws UserException if the file is gone or has changed
     */
    public Path resolve(String name, Reference reference) throws IOException {
        if (!reference.uri().startsWith(Reference.WORKSPACE)) {
            throw UserException.data("Input " + name + " is " + reference.uri()
                    + ", but only references of scheme workspace: can be read here.");
        }
        Path file = root.resolve(reference.path()).normalize();
        if (!file.startsWith(root)) {
            throw UserException.data("Input " + name + " points outside the workspace: " + reference.uri() + ".");
        }
        if (!Files.isRegularFile(file)) {
            throw UserException.data("Input " + name + " is gone: " + file
                    + " does not exist. Something deleted it while the study ran. Clear the task that made it, or give"
                    + " the same command again.");
        }
        String sha256 = hashes.of(file);
        if (!sha256.equals(reference.sha256())) {
            throw UserException.data("Input " + name + " changed since it was made: " + file + " has sha256 " + sha256
                    + ", expected " + reference.sha256()
                    + ". Clear the task that made it, or give the same command again with --fresh.");
        }
        return file;
    }

    private Path folder(String kind, String key) {
        return root.resolve("results").resolve(kind).resolve(key);
    }

    @Override
    public void close() throws IOException {
        locks.close();
    }

    /** A key that only this task may compute now. Closing it deletes unfinished files and releases the lock. */
    public final class Slot implements Closeable {
        private final String kind;
        private final String key;
        private final FileLock lock;
        private final String attempt;
        private final Path temporary;
        private final Cancellation cancellation;
        private final Runnable tidyUp = this::tidyUp;

        private Slot(String kind, String key, FileLock lock, Cancellation cancellation) {
            this.kind = kind;
            this.key = key;
            this.lock = lock;
            this.attempt = UUID.randomUUID().toString().substring(0, 8);
            this.temporary = root.resolve("tmp").resolve(key + "." + attempt);
            this.cancellation = cancellation;
            cancellation.ifAbandoned(tidyUp);
        }

        private void tidyUp() {
            try {
                FileTree.delete(temporary);
            } catch (IOException e) {
                // Nothing more can be done here. The next task with this key deletes the files.
            }
        }

        /** Deletes the files that killed tasks left for this key. Those tasks no longer hold the lock. */
        private void sweep() throws IOException {
            try (DirectoryStream<Path> stale = Files.newDirectoryStream(root.resolve("tmp"), key + ".*")) {
                for (Path folder : stale) FileTree.delete(folder);
            }
        }

        /** An empty folder to write outputs into. */
        public Path folder() throws IOException {
            return Files.createDirectories(temporary);
        }

        /**
         * Moves the attempt into place and returns references to its files. If a finished result has files with the
         * same bytes, its references are returned and the attempt is deleted.
         *
         * @param outputs file names in {@link #folder}, by output name
         */
        public Map<String, Reference> commit(Map<String, String> outputs) throws IOException {
            Map<String, Reference> references = new TreeMap<>();
            for (Map.Entry<String, String> output : outputs.entrySet()) {
                Path file = temporary.resolve(output.getValue());
                Durable.flush(file);
                String uri = Reference.WORKSPACE + root.relativize(Workspace.this.folder(kind, key)) + "/" + attempt
                        + "/" + output.getValue();
                references.put(output.getKey(), new Reference(uri, Sha256.hex(file), Files.size(file)));
            }
            Optional<Result> before = finished(kind, key);
            if (before.isPresent() && sameBytes(before.get().outputs(), references)) {
                return before.get().outputs();
            }
            if (!outputs.isEmpty()) {
                Path place = Files.createDirectories(Workspace.this.folder(kind, key));
                Durable.flush(temporary);
                Durable.move(temporary, place.resolve(attempt));
                Durable.flush(place);
            }
            return references;
        }

        /** Marks the key finished. */
        public void finish(Result result) throws IOException {
            Path file = Workspace.this.folder(kind, key).resolve("result.json");
            Durable.write(file, Json.pretty(result.toJson()).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            try {
                cancellation.settled(tidyUp);
                FileTree.delete(temporary);
            } finally {
                lock.release();
            }
        }
    }

    private static boolean sameBytes(Map<String, Reference> a, Map<String, Reference> b) {
        return hashesOf(a).equals(hashesOf(b));
    }

    private static Map<String, String> hashesOf(Map<String, Reference> references) {
        Map<String, String> hashes = new TreeMap<>();
        references.forEach((name, reference) -> hashes.put(name, reference.sha256()));
        return hashes;
    }
}
