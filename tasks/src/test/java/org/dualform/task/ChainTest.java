package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.infer.Prediction;
import org.dualform.model.Assets;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain, in one process and in many. */
class ChainTest {
    private static final String MINI = """
            {"model": "mini", "datasets": "topics", "shots": "0,2,4", "seeds": "1,2", "limit": 12,
             "learning_rate": 0.01}
            """;

    @TempDir
    Path folder;

    private final AtomicInteger computed = new AtomicInteger();

    private Map<String, String> environment() {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        return Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString(),
                // No test asks the hub that people use.
                "HF_HOME", folder.resolve("hub").toString(),
                "HF_HUB_OFFLINE", "1");
    }

    private JsonNode run(Path workspace, String experiment, TaskEvents events, Cancellation cancellation)
            throws IOException {
        ObjectNode spec = (ObjectNode) Json.mapper().readTree(experiment);
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(Kinds.all(environment(), 1), models, events, cancellation);
            Chain.Ended ended = new Chain(runner, workspace, false, events).run(spec);
            assertThat(ended.failures()).isEmpty();
            JsonNode results = Json.mapper().readTree(Files.readAllBytes(ended.results()));
            assertThat(Schemas.RESULTS.mistakes(results)).isEmpty();
            return results;
        }
    }

    private JsonNode run(Path workspace, String experiment) throws IOException {
        return run(workspace, experiment, counting(), new Cancellation());
    }

    /** Counts tasks that found their result. */
    private TaskEvents counting() {
        return new TaskEvents() {
            @Override
            public void run(String runId, String url) {}

            @Override
            public void progress(String what, long done, long total, @Nullable Duration eta) {
                computed.incrementAndGet();
            }

            @Override
            public void info(String line) {}
        };
    }

    /** Without times and without what was measured with a clock. */
    static String comparable(JsonNode results) {
        ObjectNode copy = results.deepCopy();
        ((ObjectNode) copy.path("provenance")).remove("times");
        for (String list : List.of("rows", "summary")) {
            for (JsonNode row : copy.path(list)) {
                ObjectNode metrics = (ObjectNode) row.path("metrics");
                metrics.remove(List.of(
                        "zsl.ms_per_query",
                        "icl.ms_per_query",
                        "ft.ms_per_query",
                        "icl.prefill_seconds",
                        "ft.train_seconds"));
            }
        }
        return Json.pretty(copy);
    }

    @Test
    void aSecondRunComputesNothingAndGivesTheSameFile() throws Exception {
        JsonNode first = run(folder.resolve("w"), MINI);
        assertThat(first.path("rows")).hasSize(6);
        assertThat(first.path("summary")).hasSize(3);
        computed.set(0);
        assertThat(run(folder.resolve("w"), MINI)).isEqualTo(first);
        assertThat(computed).hasValue(0);
    }

    @Test
    void anotherLearningRateLeavesPromptsAndInContextLearningAlone() throws Exception {
        run(folder.resolve("w"), MINI);
        run(folder.resolve("w"), MINI.replace("0.01", "0.02"));
        assertThat(finished("prompt")).isEqualTo(2);
        assertThat(finished("infer")).isEqualTo(2 + 4);
        assertThat(finished("finetune")).isEqualTo(4);
    }

    private long finished(String kind) throws IOException {
        try (var keys = Files.list(folder.resolve("w/results").resolve(kind))) {
            return keys.count();
        }
    }

    @Test
    @Tag("slow")
    void stoppedAnywhereARerunGivesTheSameResults() throws Exception {
        String whole = comparable(run(folder.resolve("whole"), MINI));
        for (int stopAfter : List.of(1, 5, 9, 14)) {
            Path workspace = folder.resolve("stopped" + stopAfter);
            Cancellation cancellation = new Cancellation();
            AtomicInteger calls = new AtomicInteger();
            TaskEvents stopping = new TaskEvents() {
                @Override
                public void run(String runId, String url) {}

                @Override
                public void progress(String what, long done, long total, @Nullable Duration eta) {
                    if (calls.incrementAndGet() == stopAfter) cancellation.request();
                }

                @Override
                public void info(String line) {}
            };
            assertThatThrownBy(() -> run(workspace, MINI, stopping, cancellation))
                    .isInstanceOf(CancelledException.class);
            try (var left = Files.list(workspace.resolve("tmp"))) {
                assertThat(left).isEmpty();
            }
            assertThat(comparable(run(workspace, MINI))).isEqualTo(whole);
        }
    }

    @Test
    @Tag("slow")
    void processesOfTheirOwnGiveTheSameResults() throws Exception {
        String single = MINI.replace("\"1,2\"", "\"1\"");
        String oneProcess = comparable(run(folder.resolve("one"), single));
        ProcessChain many = new ProcessChain(folder.resolve("many"), environment());
        assertThat(comparable(many.run((ObjectNode) Json.mapper().readTree(single))))
                .isEqualTo(oneProcess);
    }

    @Test
    void everyMistakeOfAnExperimentIsNamedAtOnce() {
        String wrong = """
                {"model": "mimi", "datasets": "topiks", "shots": "0,2", "seeds": 1, "transport": "mlflow",
                 "template": "nonesuch"}
                """;
        assertThatThrownBy(() -> run(folder.resolve("w"), wrong.replace("\"seeds\": 1", "\"seeds\": \"1\"")))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("mimi", "mini", "topiks", "topics", "transport", "nonesuch");
        assertThatThrownBy(() -> run(folder.resolve("w"), "{\"model\": \"org/name\", \"datasets\": \"topics\"}"))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("org/name", "HF_HUB_OFFLINE", "Fetch it once", "no folder of that name");
    }

    @Test
    void mistakesOfTheSpecAndOfWhatItNamesAreToldTogetherAndEachOnce() {
        String wrong = """
                {"model": "mimi", "datasets": "topiks,topics", "shots": "0,,2", "seeds": "1", "arms": "flip=2,lcdg",
                 "template": "nonesuch", "select": "seed"}
                """;
        assertThatThrownBy(() -> run(folder.resolve("w"), wrong)).isInstanceOfSatisfying(UserException.class, e -> {
            assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(e.mistakes())
                    .satisfiesExactlyInAnyOrder(
                            m -> assertThat(m).contains("shots", "0,,2", "such as 0,1,4"),
                            m -> assertThat(m).contains("flip", "from 0 to 1", "'2'"),
                            m -> assertThat(m).contains("lcdg", "did you mean lcgd"),
                            m -> assertThat(m).contains("only one seed", "give several"),
                            m -> assertThat(m).contains("no model 'mimi'", "mini"),
                            m -> assertThat(m).contains("no data set 'topiks'", "topics"),
                            m -> assertThat(m).contains("nonesuch", "known are"));
        });
        assertThat(folder.resolve("w/results")).as("nothing is computed").doesNotExist();
    }

    @Test
    void whatStandsInForAMistakeMakesNoOther() {
        String wrong = """
                {"model": "mini", "datasets": "topics", "shots": "a", "seeds": "x", "arms": "-main,lcdg", "limit": 0,
                 "template": "", "split": 3, "record": true, "select": "seed,template"}
                """;
        assertThatThrownBy(() -> run(folder.resolve("w"), wrong))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.mistakes())
                                .hasSize(7)
                                .anySatisfy(m -> assertThat(m).startsWith("shots: "))
                                .anySatisfy(m -> assertThat(m).startsWith("seeds: "))
                                .anySatisfy(m -> assertThat(m).startsWith("limit: "))
                                .anySatisfy(m -> assertThat(m).startsWith("arms: 'lcdg'"))
                                .anySatisfy(m -> assertThat(m).startsWith("template: "))
                                .anySatisfy(m -> assertThat(m).startsWith("split: "))
                                .anySatisfy(m -> assertThat(m).startsWith("select: chooses among the cells of main")));
    }

    @Test
    void divergenceIsAResultAndLeavesInContextLearningAlone() throws Exception {
        JsonNode results =
                run(folder.resolve("w"), MINI.replace("0.01", "1e300").replace("\"1,2\"", "\"1\""));
        JsonNode last = results.path("rows").path(2);
        assertThat(last.path("status").asText()).isEqualTo("diverged");
        assertThat(last.path("reason").asText()).contains("diverged at step");
        assertThat(last.path("metrics").path("icl.accuracy").path("value").isNumber())
                .isTrue();
        assertThat(last.path("metrics").path("ft.accuracy").path("value").isNull())
                .isTrue();
    }

    /** The values of a run in plain Hugging Face code, without cache and without batches. */
    @Test
    void aRealModelAgreesWithItsReference() throws Exception {
        Path model = Assets.at("models/stories15M");
        Path data = Assets.at("datasets/sst2");
        JsonNode reference = Json.mapper()
                .readTree(Assets.at("golden/reference/stories15M_sst2_limit256.json")
                        .toFile());
        JsonNode results = run(folder.resolve("w"), """
                {"model": "%s", "datasets": "%s", "shots": "0,2,4", "seeds": "0", "limit": 20, "learning_rate": 0.002}
                """.formatted(model, data));
        JsonNode metrics = results.path("rows").path(2).path("metrics");
        assertThat(metrics.path("zsl.accuracy").path("value").doubleValue()).isEqualTo(0.55);
        assertThat(metrics.path("icl.accuracy").path("value").doubleValue()).isEqualTo(0.55);
        assertThat(metrics.path("ft.accuracy").path("value").doubleValue()).isEqualTo(0.45);
        assertThat(metrics.path("rec2ftp").path("n").intValue()).isEqualTo(6);
        assertThat(metrics.path("rec2ftp").path("value").doubleValue()).isEqualTo(1 / 6.0, within(1e-12));
        PredictionsFile icl = predictions("icl");
        PredictionsFile ft = predictions("ft");
        assertScores(icl.shots().get(0), reference.path("per_example").path("zsl"), 1e-4);
        assertScores(icl.shots().get(4), reference.path("per_example").path("icl"), 1e-4);
        assertScores(ft.shots().get(4), reference.path("per_example").path("ftzs"), 1e-3);
    }

    private PredictionsFile predictions(String method) throws IOException {
        try (var files = Files.walk(folder.resolve("w/results/infer"))) {
            for (Path file : files.filter(f -> f.endsWith("predictions.jsonl")).toList()) {
                PredictionsFile read = PredictionsFile.read(file);
                if (read.header().method().equals(method)) return read;
            }
        }
        throw new AssertionError("no predictions of " + method);
    }

    private static void assertScores(List<Prediction> predictions, JsonNode expected, double tolerance) {
        assertThat(predictions).hasSize(expected.size());
        for (int i = 0; i < predictions.size(); i++) {
            JsonNode scores = expected.path(i).path("scores");
            for (int label = 0; label < scores.size(); label++) {
                assertThat(predictions.get(i).scores().get(label))
                        .as("row %d, label %d", i, label)
                        .isCloseTo(scores.path(label).doubleValue(), within(tolerance));
            }
        }
    }
}
