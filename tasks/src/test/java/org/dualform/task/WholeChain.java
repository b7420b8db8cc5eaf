package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;

/** A whole experiment with the built-in models in this process; its workspace is {@code w} in the folder given. */
public final class WholeChain {
    private WholeChain() {}

    /** How it ended, with results that keep their schema. Fails the test when a cell failed. */
    public static Chain.Ended run(Path folder, String experiment) throws IOException {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
        try (Models models = Models.shared()) {
            TaskEvents events = TaskEvents.none();
            TaskRunner runner = new TaskRunner(Kinds.all(environment, 1), models, events, new Cancellation());
            Chain.Ended ended = new Chain(runner, folder.resolve("w"), false, events)
                    .run((ObjectNode) Json.mapper().readTree(experiment));
            assertThat(ended.failures()).isEmpty();
            assertThat(Schemas.RESULTS.mistakes(read(ended.results()))).isEmpty();
            return ended;
        }
    }

    static JsonNode results(Path folder, String experiment) throws IOException {
        return read(run(folder, experiment).results());
    }

    private static JsonNode read(Path file) throws IOException {
        return Json.mapper().readTree(Files.readAllBytes(file));
    }
}
