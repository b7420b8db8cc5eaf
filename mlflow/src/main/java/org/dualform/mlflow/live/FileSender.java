package org.dualform.mlflow.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.mlflow.http.ServerErrorException;
import org.dualform.mlflow.server.ArtifactPath;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.server.Scratch;
import org.dualform.mlflow.value.Tags;

/**
 * Sends files to the artifact folder of the run, and tells the UI which of them are tables. Where MLflow keeps files is
 * a store of its own, which may be missing or broken while everything else works. A file that MLflow does not take is
 * refused, and whatever comes after it goes on.
 */
final class FileSender {
    private final Mlflow mlflow;
    private final CurrentRun run;
    private final BatchSender batches;
    private final Steadily steadily;
    private final Refusals refusals;
    private final Path scratch;
    /** How often a file is tried: once only, after MLflow has failed on one with all tries. */
    private int attempts = Integer.MAX_VALUE;

    FileSender(Mlflow mlflow, CurrentRun run, BatchSender batches, Steadily steadily, Refusals refusals, Path scratch) {
        this.steadily = steadily;
        this.mlflow = mlflow;
        this.run = run;
        this.batches = batches;
        this.refusals = refusals;
        this.scratch = scratch;
    }

    /** Sends a file; one that cannot be sent is refused. */
    void send(Operation.PutFile file) {
        if (!put(file) || !file.table()) return;
        try {
            run.refresh();
            Map<String, String> tag = Map.of(Tags.LOGGED_ARTIFACTS, withTables(List.of(file.path())));
            if (tag.equals(Map.of(Tags.LOGGED_ARTIFACTS, listed()))) return;
            batches.send(List.of(), Map.of(), tag);
            run.holds(Map.of(), tag);
        } catch (PermanentException e) {
            refusals.add(file, e);
        }
    }

    /**
     * Sends a file, and leaves it to the caller to say that it is a table. One that cannot be sent is refused.
     *
     * @return whether it was sent
     */
    boolean put(Operation.PutFile file) {
        if (!ArtifactPath.valid(file.path())) {
            refusals.add(file, "'" + file.path() + "' is not a path below an artifact folder.");
        } else if (!ArtifactPath.served(run.view())) {
            refusals.add(file, ArtifactPath.notServed(run.view()));
        } else if (!Files.isReadable(file.file())) {
            refusals.add(file, "The file " + file.file() + " is gone, or cannot be read.");
        } else {
            return uploaded(file);
        }
        return false;
    }

    private boolean uploaded(Operation.PutFile file) {
        try {
            steadily.tell(() -> upload(file));
            return true;
        } catch (PermanentException e) {
            refusals.add(file, e);
            return false;
        }
    }

    private void upload(Operation.PutFile file) {
        try {
            mlflow.artifacts().upload(run.view(), file.path(), file.file(), attempts);
        } catch (ServerErrorException e) {
            attempts = 1;
            throw e;
        }
    }

    /** Sends a text as a file. */
    void text(String path, String text) {
        Path file = scratch.resolve("text-" + UUID.randomUUID() + ".txt");
        try {
            Files.writeString(file, text);
            send(new Operation.PutFile(path, file, false));
        } catch (IOException e) {
            throw new PermanentException("Cannot write " + file + ": " + e.getMessage(), e);
        } finally {
            Scratch.delete(file);
        }
    }

    /** The tag of the run's tables, as it was last seen. */
    private String listed() {
        return run.view().tags().getOrDefault(Tags.LOGGED_ARTIFACTS, "[]");
    }

    /** The tag of the run's tables with these among them. */
    String withTables(List<String> paths) {
        ArrayNode tables = tables(listed());
        Set<String> there = new HashSet<>();
        tables.forEach(table -> there.add(table.path("path").asText()));
        paths.stream()
                .filter(there::add)
                .forEach(path -> tables.addObject().put("path", path).put("type", "table"));
        return tables.toString();
    }

    private ArrayNode tables(String json) {
        try {
            if (Json.mapper().readTree(json) instanceof ArrayNode tables) {
                return tables;
            }
        } catch (JsonProcessingException e) {
            // Told below.
        }
        throw new PermanentException("The tag " + Tags.LOGGED_ARTIFACTS + " of run " + run.id() + " is no list.", null);
    }
}
