package org.dualform.mlflow;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.dualform.contract.PermanentException;

/**
 * A folder with what could not be said to MLflow yet: {@code queue/RUN/SESSION}, oldest first, and {@code aside} with
 * what the server will never take, each with its reason.
 */
public final class Spool {
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

    Path aside() {
        return root.resolve("aside");
    }

    /** A folder for files on their way, on the spool's disk. */
    Path scratch() {
        try {
            return Files.createDirectories(root.resolve("scratch"));
        } catch (IOException e) {
            throw new PermanentException(
                    "Cannot make the folder " + root.resolve("scratch") + ": " + e.getMessage(), e);
        }
    }

    SpoolSession session(MlflowServer server, RunSpec run) throws IOException {
        SpoolSession.Header header = new SpoolSession.Header(1, server.base().toString(), run);
        return SpoolSession.create(runFolder(run), scratch(), header);
    }

    private Path runFolder(RunSpec run) {
        return queue().resolve(Names.sha256(run.experiment() + "\n" + run.key().value())
                .substring(0, 32));
    }

    /** Whether anything waits for this run. */
    boolean holds(RunSpec run) {
        return !folders(runFolder(run)).isEmpty();
    }

    public boolean isEmpty() {
        return runs().isEmpty();
    }

    /** A run's folder with the name of its oldest session. */
    private record Waiting(Path run, String oldest) {}

    /** Run folders, the one with the oldest session first. */
    List<Path> runs() {
        // Each is looked into once: another process may deliver it between two looks.
        return folders(queue()).stream()
                .flatMap(run -> folders(run).stream()
                        .limit(1)
                        .map(session -> new Waiting(run, session.getFileName().toString())))
                .sorted(Comparator.comparing(Waiting::oldest))
                .map(Waiting::run)
                .toList();
    }

    /** Session folders of a run, oldest first. */
    List<Path> sessions(Path run) {
        return folders(run);
    }

    /** Deletes a run's folder if nothing waits in it. */
    void tidy(Path run) throws IOException {
        try {
            Files.deleteIfExists(run);
        } catch (DirectoryNotEmptyException e) {
            // A session has come meanwhile, or waits.
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
