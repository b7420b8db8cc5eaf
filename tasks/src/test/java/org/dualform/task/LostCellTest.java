package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.report.Report;
import org.dualform.score.metric.Absence;
import org.dualform.score.result.Results;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.FailingKind;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskExecutor;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the results and the table say why a cell failed. */
class LostCellTest {
    private static final String REFUSAL = "The records of ft belong to another model (4567) than those of icl (0123).";

    @TempDir
    Path folder;

    @Test
    void theRefusalIsInTheTable() throws Exception {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, TaskKind<?>> kinds = new HashMap<>(
                Kinds.all(Map.of("DUALFORM_MODEL_ROOTS", root.resolve("models").toString()), 1));
        kinds.put("score", new FailingKind("score", UserException.data(REFUSAL)));
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(kinds, models, TaskEvents.none(), new Cancellation());
            Map<String, String> messages = new HashMap<>();
            TaskExecutor executor = request -> {
                Result result = runner.run(request);
                messages.put(request.kind(), result.message());
                return result;
            };
            Chain.Ended ended = new Chain(executor, folder.resolve("w"), false, TaskEvents.none())
                    .run((ObjectNode) Json.mapper().readTree("""
                            {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 4,
                             "methods": "icl"}
                            """));
            Results results = Json.mapper().readValue(Files.readAllBytes(ended.results()), Results.class);
            assertThat(results.rows())
                    .hasSize(2)
                    .allMatch(row -> row.absence().size() == 1
                            && row.absence().get(0) instanceof Absence.Failed failed
                            && failed.message().endsWith("score failed: " + REFUSAL));
            String text = new Report(results).text();
            assertThat(text.replaceAll("\\s+", " ")).contains("topics · seed 1, shots 0, 2: missing (", REFUSAL);
            assertThat(messages.get("summarise"))
                    .as("what the task prints: what is missing, then the answer and the table")
                    .isEqualTo("One cell is missing: topics · seed 1.\n\n" + text.stripTrailing());
        }
    }
}
