package org.dualform.cli.workflow.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.TaskKey;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.UserException;
import org.dualform.score.result.Results;

/**
 * The result of a run's summarise task. Airflow's XCom holds it, and it refers to files in the workspace.
 *
 * @param workspace the folder that references are relative to
 */
public record StudyResults(JsonNode result, Path workspace) {
    private static final TaskKey SUMMARISE = new TaskKey("summarise", -1);

    /** Reads it from Airflow; empty if the task has no result, or none yet. */
    public static Optional<StudyResults> of(AirflowClient client, DagRun run, Path workspace) {
        return client.xcom(run, SUMMARISE, "return_value")
                .map(value -> new StudyResults(Json.mapper().valueToTree(value), workspace));
    }

    /** The address of the study's summary in MLflow, from the task's result; empty if it was not tracked. */
    public Optional<String> trackedAt() {
        String url = result.path("tracking").path("url").asText();
        return url.isEmpty() ? Optional.empty() : Optional.of(url);
    }

    /**
     * The file of an output; empty if this machine does not have the workspace. The name is checked, so that it cannot
     * lead out of the workspace. The content is not checked.
     */
    public Optional<Path> file(String output) {
        String uri = reference(output).path("uri").asText();
        if (!uri.startsWith(Reference.WORKSPACE)) return Optional.empty();
        Path root = workspace.toAbsolutePath().normalize();
        Path file = root.resolve(uri.substring(Reference.WORKSPACE.length())).normalize();
        return file.startsWith(root) && Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /**
     * Reads results.json and compares it with the hash that Airflow holds; empty if this machine does not have the
     * file.
     *
     * @throws UserException if the file has changed since
     */
    public Optional<Results> read() throws IOException {
        Optional<Path> file = file("results");
        if (file.isEmpty()) return Optional.empty();
        byte[] bytes = Files.readAllBytes(file.get());
        String expected = hash("results");
        if (!Sha256.hex(bytes).equalsIgnoreCase(expected)) {
            throw UserException.data("The results in " + file.get() + " changed since they were made (sha256 "
                    + Sha256.hex(bytes) + ", expected " + expected + "). Clear the task summarise to make them again.");
        }
        return Optional.of(Json.mapper().readValue(bytes, Results.class));
    }

    /** The hash of an output's content, as Airflow holds it. */
    String hash(String output) {
        return reference(output).path("sha256").asText();
    }

    private JsonNode reference(String output) {
        JsonNode outputs = result.path("outputs");
        return outputs.has(output) ? outputs.get(output) : MissingNode.getInstance();
    }
}
