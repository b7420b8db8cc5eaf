package org.dualform.mlflow.spool;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.dualform.base.Sha256;
import org.dualform.contract.PermanentException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.value.RunSpec;

/**
 * A folder with what could not be said to MLflow yet. Each session is a folder {@code queue/RUN/SESSION}, and names sort
 * by age. The folder {@code aside} holds what the server will never take.
 */
public final class Spool {
    /** The version of the format that this Dualform writes. */
    static final int VERSION = 1;

    private static final int NAME_DIGITS = 32;

    private final Path root;

    public Spool(Path root) {
        this.root = root.toAbsolutePath();
    }

    public Path root() {
        return root;
    }

    private Path queue() {
        return root.resolve("queue");
    }

    public Aside aside() {
        return new Aside(root.resolve("aside"));
    }

    /** A folder for files on their way, on the same disk as the spool. */
    public Path scratch() {
        try {
            return Files.createDirectories(root.resolve("scratch"));
        } catch (IOException e) {
            throw new PermanentException(
                    "Cannot make the folder " + root.resolve("scratch") + ": " + e.getMessage(), e);
        }
    }

    /** Keeps a file under another name, so that the original may go: linked, or copied where it cannot be linked. */
    public static void keep(Path file, Path kept) throws IOException {
        KeptFile.keep(file, kept);
    }

    /**
     * Opens a new session for what is to be said about a run.
     *
     * @param opened when its writer opened the run, in milliseconds since 1970
     */
    public SpoolSession session(MlflowServer server, RunSpec run, long opened) throws IOException {
        SpoolLog.Header header = new SpoolLog.Header(VERSION, server.base().toString(), run, opened);
        return SpoolSession.create(runFolder(run), scratch(), header);
    }

    private Path runFolder(RunSpec run) {
        String name = run.experiment() + "\n" + run.key().value();
        return queue().resolve(Sha256.hex(name).substring(0, NAME_DIGITS));
    }

    /** Whether anything waits for this run. */
    public boolean holds(RunSpec run) {
        return !folders(runFolder(run)).isEmpty();
    }

    public boolean isEmpty() {
        return runs().isEmpty();
    }

    /** The folder of a run, with the name of its oldest session. */
    private record Waiting(Path run, String oldest) {}

    /** The folders of the runs for which something waits, the one with the oldest session first. */
    List<Path> runs() {
        // Each folder is listed once, because another process may deliver its sessions between two looks.
        return folders(queue()).stream()
                .flatMap(run -> folders(run).stream()
                        .limit(1)
                        .map(session -> new Waiting(run, session.getFileName().toString())))
                .sorted(Comparator.comparing(Waiting::oldest))
                .map(Waiting::run)
                .toList();
    }

    /** The session folders of a run, oldest first. */
    List<Path> sessions(Path run) {
        return folders(run);
    }

    /** Deletes the folder of a run, unless something waits in it. */
    void tidy(Path run) throws IOException {
        try {
            Files.deleteIfExists(run);
        } catch (DirectoryNotEmptyException e) {
            // Something waits.
        }
    }

    private static List<Path> folders(Path parent) {
        try (var entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new PermanentException("Cannot read the spool folder " + parent + ": " + e.getMessage(), e);
        }
    }
}
