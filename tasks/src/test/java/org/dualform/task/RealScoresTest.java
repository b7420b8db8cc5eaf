package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.infer.Prediction;
import org.dualform.model.Assets;
import org.dualform.model.Transformers;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The chain's scores on real models beside those of transformers, which sees every candidate as a whole sequence. {@code
 * DUALFORM_REAL_MODELS} names a folder with the models.
 */
class RealScoresTest {
    private static final String VARIABLE = "DUALFORM_REAL_MODELS";
    private static final int SHOTS = 4;
    private static final int ROWS = 20;
    /** Small: at 0.001 rounding errors grow so much in the larger model that no two programs agree. */
    private static final double RATE = 1e-4;

    @TempDir
    Path folder;

    @Tag("slow")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gemma-3-270m       | sst2   | Sentence: {} Label: | Negative,Positive
            gemma-3-270m       | agnews | Classify the news articles into the categories of World, Sports, Business, and Technology. Article: {} Answer: | World,Sports,Business,Technology
            qwen2.5-coder-0.5b | sst2   | Sentence: {} Label: | Negative,Positive
            qwen2.5-coder-0.5b | agnews | Classify the news articles into the categories of World, Sports, Business, and Technology. Article: {} Answer: | World,Sports,Business,Technology
            """)
    void scoresAreThoseOfPlainTransformers(String name, String dataset, String template, String labels)
            throws Exception {
        Path model = model(name);
        Path rows = Assets.at("datasets/" + dataset);
        JsonNode plain = Transformers.run(
                RealScoresTest.class,
                "plain_scores.py",
                model.toString(),
                rows.toString(),
                template,
                labels,
                Integer.toString(SHOTS),
                Integer.toString(ROWS),
                Double.toString(RATE));
        List<PredictionsFile> measured = measured(model, rows);
        assertClose(shots(measured, "icl", 0), plain.path("zsl"));
        assertClose(shots(measured, "icl", SHOTS), plain.path("icl"));
        assertClose(shots(measured, "ft", SHOTS), plain.path("ft"));
    }

    private static Path model(String name) {
        String models = System.getenv(VARIABLE);
        assumeTrue(models != null && !models.isBlank(), VARIABLE + " names no folder of real models");
        Path model = Path.of(String.valueOf(models)).resolve(name);
        assumeTrue(Files.isDirectory(model), "real model missing: " + model);
        return model;
    }

    private List<PredictionsFile> measured(Path model, Path rows) throws IOException {
        ObjectNode spec = Json.mapper()
                .createObjectNode()
                .put("model", model.toString())
                .put("datasets", rows.toString())
                .put("shots", "0," + SHOTS)
                .put("seeds", "0")
                .put("limit", ROWS)
                .put("learning_rate", RATE)
                .put("select_on", "none");
        Map<String, String> environment = Map.of(
                "DUALFORM_HOME", folder.resolve("home").toString(),
                "HF_HOME", folder.resolve("hub").toString(),
                "HF_HUB_OFFLINE", "1");
        Path workspace = folder.resolve("w");
        try (Models models = Models.shared()) {
            TaskRunner runner =
                    new TaskRunner(Kinds.all(environment, 1), models, TaskEvents.none(), new Cancellation());
            assertThat(new Chain(runner, workspace, false, TaskEvents.none())
                            .run(spec)
                            .failures())
                    .isEmpty();
        }
        List<PredictionsFile> found = new ArrayList<>();
        try (var files = Files.walk(workspace.resolve("results/infer"))) {
            for (Path file : files.filter(f -> f.endsWith("predictions.jsonl")).toList())
                found.add(PredictionsFile.read(file));
        }
        return found;
    }

    private static List<Prediction> shots(List<PredictionsFile> files, String method, int shots) {
        return files.stream()
                .filter(file -> file.header().method().equals(method))
                .map(file -> file.shots().get(shots))
                .findFirst()
                .orElseThrow();
    }

    private static void assertClose(List<Prediction> predictions, JsonNode expected) {
        assertThat(predictions).hasSize(ROWS).hasSameSizeAs(expected);
        for (int i = 0; i < ROWS; i++)
            for (int label = 0; label < expected.path(i).size(); label++)
                assertThat(predictions.get(i).scores().get(label))
                        .as("row %d, label %d", i, label)
                        .isCloseTo(expected.path(i).path(label).doubleValue(), within(1e-3));
    }
}
