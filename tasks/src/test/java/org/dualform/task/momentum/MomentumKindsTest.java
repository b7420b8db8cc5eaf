package org.dualform.task.momentum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.Schemas;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.momentum.Measurement;
import org.dualform.momentum.MomentumStudy;
import org.dualform.momentum.StudyReport;
import org.dualform.momentum.StudyRunner;
import org.dualform.pretrain.TrainingListener;
import org.dualform.regression.RegressionReport;
import org.dualform.task.Kinds;
import org.dualform.task.MlflowProcess;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks of a study, one after another, on a real MLflow server. */
class MomentumKindsTest {
    private static final String STUDY = """
            {"size": "tiny", "variants": "sum", "eta": "0.9", "seeds": "1,2", "steps": "26"}
            """;
    private static final String EXPERIMENT = "momentum";

    @TempDir
    Path folder;

    @Test
    void theDefaultsAreThoseOfTheSchemaAndEveryMistakeIsToldAtOnce() throws IOException {
        MomentumStudy study = StudyForm.read(Json.mapper().readTree("{}"));
        assertThat(study.decays()).containsExactly(0.5, 0.9, 0.99);
        assertThat(study.seeds()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(study.variants()).containsExactly("sum");
        assertThat(study.steps()).isNull();
        JsonNode sent = Json.mapper()
                .readTree("{\"variants\": [\"mean\", \"sum\"], \"eta\": [0.5], \"seeds\": \"7,8\", \"steps\": \"30\"}");
        assertThat(StudyForm.read(sent))
                .isEqualTo(new MomentumStudy(
                        study.size(), List.of("mean", "sum"), List.of(0.5), List.of(7L, 8L), null, null, 30));
        JsonNode wrong = Json.mapper()
                .readTree(
                        "{\"size\": \"paper-350m\", \"variants\": [\"nesterov\"], \"eta\": \"1,0.5\", \"seeds\": \"a\","
                                + " \"steps\": \"0\", \"colour\": 1}");
        assertThatThrownBy(() -> StudyForm.read(wrong))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "6 mistakes",
                        "study: there is no colour",
                        "size: paper-350m needs a GPU machine",
                        "variants: has to be some of sum, mean, residual, not nesterov",
                        "eta: has to be a number above 0 and below 1, not 1.0",
                        "seeds: has to be whole numbers, comma-separated, not \"a\"",
                        "steps: has to be a whole number from 1 to 1000000, not 0");
        assertThat(Schemas.MOMENTUM.document().findValuesAsText("description")).doesNotContain("");
    }

    @Test
    void everyNumberOfTheSchemaHasALargestValue() {
        List<String> unbounded = new ArrayList<>();
        for (JsonNode rule : Schemas.MOMENTUM.document().findParents("type")) {
            boolean number =
                    List.of("integer", "number").contains(rule.path("type").asText());
            if (number && !rule.has("maximum") && !rule.has("exclusiveMaximum")) unbounded.add(rule.toString());
        }
        assertThat(unbounded).isEmpty();
    }

    @Test
    void tasksAndCommandGiveTheSameDigitsAndMlflowHasThem() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            Request.Tracking tracking = new Request.Tracking(server.uri(), EXPERIMENT, "s");
            Map<String, Result> models = new HashMap<>();
            for (Result.Item item : plan()) {
                Result model = run("momentum_model", item.parameters(), Map.of(), tracking);
                models.put(item.id(), model);
                runHasTheCurve(mlflow, model);
            }
            assertThat(models.keySet())
                    .containsExactlyInAnyOrder(
                            "tiny-vanilla-s1", "tiny-sum-0.9-s1", "tiny-vanilla-s2", "tiny-sum-0.9-s2");
            Result compared = run("momentum_compare", study(), inputs(models), tracking);
            MomentumStudy study = StudyForm.read(Json.mapper().readTree(STUDY));
            List<Measurement> alone =
                    new StudyRunner(study, folder.resolve("alone"), new TrainingListener() {}).run(Progress.none());
            assertThat(text(compared, "measurements"))
                    .isEqualTo(Json.pretty(Json.mapper().valueToTree(alone)));
            assertThat(text(compared, "markdown"))
                    .isEqualTo(new StudyReport(study, alone).markdown() + "\n"
                            + new RegressionReport(Progress.none()).markdown());
            assertThat(text(compared, "report"))
                    .containsSubsequence(
                            "What was found", "In perplexity at 48 tokens", "What was not shown", "<table>");
            assertThat(file(compared, "figures")).isNotEmptyFile();
            assertThat(compared.metrics()).containsEntry("models.missing", 0.0);

            RunView summary = mlflow.runs().everyOfStudy(EXPERIMENT, "s").stream()
                    .filter(run -> "summary".equals(run.tags().get("kind")))
                    .findFirst()
                    .orElseThrow();
            assertThat(summary.status()).isEqualTo(RunStatus.FINISHED);
            double mean = alone.stream()
                    .filter(one -> one.arm().equals("sum-0.9"))
                    .mapToDouble(one -> one.perplexityAt(24))
                    .average()
                    .orElseThrow();
            assertThat(mlflow.runs().history(summary.id(), "sum-0.9/perplexity"))
                    .contains(new MetricPoint("sum-0.9/perplexity", mean, 24));
        }
    }

    /** Every point once, and beside them what was measured at the end. */
    private void runHasTheCurve(Mlflow mlflow, Result model) throws IOException {
        String run = Objects.requireNonNull(model.tracking()).runId();
        List<MetricPoint> points = mlflow.runs().history(run, "held_out_loss");
        List<Long> steps = points.stream().map(MetricPoint::step).toList();
        assertThat(steps).containsExactlyInAnyOrder(25L, 26L);
        List<Double> written = new ArrayList<>();
        for (String line : text(model, "learning_curve.jsonl").lines().toList()) {
            JsonNode point = Json.mapper().readTree(line);
            if (point.has("held_out_loss"))
                written.add(point.path("held_out_loss").asDouble());
        }
        assertThat(points.stream().map(MetricPoint::value)).containsExactlyInAnyOrderElementsOf(written);
        JsonNode measured = Json.mapper().readTree(text(model, "measured"));
        assertThat(mlflow.runs().history(run, "perplexity"))
                .contains(new MetricPoint(
                        "perplexity", measured.path("perplexity").path("48").asDouble(), 48));
        assertThat(mlflow.runs().history(run, "accuracy")).hasSize(6);
        assertThat(mlflow.runs().get(run).status()).isEqualTo(RunStatus.FINISHED);
    }

    /** The server has a step's points before the training goes on, and each point once when it has ended. */
    @Test
    void pointsArriveWhileTheTrainingRuns() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            ObjectNode parameters = plan().get(0).parameters();
            parameters.withObject("recipe").put("steps", 76);
            Watcher watcher = new Watcher(mlflow);
            Request.Tracking tracking = new Request.Tracking(server.uri(), EXPERIMENT, "live");
            Result model = run("momentum_model", parameters, Map.of(), tracking, watcher);
            assertThat(watcher.seen)
                    .isEqualTo(Map.of(26L, List.of(25L), 51L, List.of(25L, 50L), 75L, List.of(25L, 50L, 75L)));
            String run = Objects.requireNonNull(model.tracking()).runId();
            for (String metric : List.of("loss", "held_out_loss")) {
                assertThat(mlflow.runs().history(run, metric).stream()
                                .map(MetricPoint::step)
                                .sorted())
                        .as(metric)
                        .containsExactly(25L, 50L, 75L, 76L);
            }
        }
    }

    /** Looks at some steps of a training which points the server has. */
    private static final class Watcher implements TaskEvents {
        private final Mlflow mlflow;
        private final Map<Long, List<Long>> seen = new HashMap<>();
        private String run = "";

        Watcher(Mlflow mlflow) {
            this.mlflow = mlflow;
        }

        @Override
        public void run(String runId, String url) {
            run = runId;
        }

        @Override
        public void progress(String what, long done, long total, @Nullable Duration eta) {
            if (!what.startsWith("pretraining") || !List.of(26L, 51L, 75L).contains(done)) return;
            seen.put(
                    done,
                    mlflow.runs().history(run, "loss").stream()
                            .map(MetricPoint::step)
                            .sorted()
                            .toList());
        }

        @Override
        public void info(String line) {}
    }

    @Test
    void whatIsMissingIsNamedAndTheRestIsCompared() throws Exception {
        Map<String, Result> models = new HashMap<>();
        for (Result.Item item : plan().subList(0, 3)) {
            models.put(item.id(), run("momentum_model", item.parameters(), Map.of(), null));
        }
        Result compared = run("momentum_compare", study(), inputs(models), null);
        assertThat(compared.metrics()).containsEntry("models.missing", 1.0);
        assertThat(text(compared, "markdown"))
                .contains("- sum-0.9, seed 2: missing")
                .contains("| sum-0.9 | 1 |");
        assertThat(text(compared, "report")).contains("Left out");
        assertThatThrownBy(() -> run("momentum_compare", study(), Map.of(), null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("No model of this study was measured");
    }

    @Test
    void aTrainingThatDivergesIsAResult() throws Exception {
        ObjectNode parameters = plan().get(0).parameters();
        ObjectNode recipe = parameters.withObject("recipe");
        recipe.withObject("optimizer").put("learning_rate", 1e6).put("warmup_steps", 0);
        Result model = run("momentum_model", parameters, Map.of(), null);
        assertThat(model.status()).isEqualTo(Result.Status.DIVERGED);
        assertThat(model.message()).startsWith("vanilla, seed 1: The training diverged at step");
        assertThat(Json.mapper()
                        .readTree(text(model, "measured"))
                        .path("diverged")
                        .asText())
                .startsWith("The training diverged");
    }

    private List<Result.Item> plan() throws IOException {
        Result planned = run("momentum_plan", study(), Map.of(), null);
        assertThat(planned.message())
                .isEqualTo("2 models × 2 seeds are 4 trainings of 26 steps, 78,208 tokens in all.");
        return Objects.requireNonNull(Objects.requireNonNull(planned.expand()).get("trainings"));
    }

    private static ObjectNode study() throws IOException {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("study", Json.mapper().readTree(STUDY));
        return parameters;
    }

    private static Map<String, Reference> inputs(Map<String, Result> models) {
        Map<String, Reference> inputs = new HashMap<>();
        models.forEach((id, model) -> {
            for (String output : List.of("measured", "learning_curve.jsonl")) {
                inputs.put(
                        output + "." + id,
                        Objects.requireNonNull(model.outputs().get(output)));
            }
        });
        return inputs;
    }

    private Path file(Result result, String output) {
        return folder.resolve(
                Objects.requireNonNull(result.outputs().get(output)).path());
    }

    private String text(Result result, String output) throws IOException {
        return Files.readString(file(result, output));
    }

    private Result run(
            String kind, ObjectNode parameters, Map<String, Reference> inputs, Request.@Nullable Tracking tracking)
            throws IOException {
        return run(kind, parameters, inputs, tracking, TaskEvents.none());
    }

    private Result run(
            String kind,
            ObjectNode parameters,
            Map<String, Reference> inputs,
            Request.@Nullable Tracking tracking,
            TaskEvents events)
            throws IOException {
        try (Models models = Models.ofOneTask()) {
            return new TaskRunner(Kinds.all(Map.of(), 1), models, events, new Cancellation())
                    .run(new Request(
                            Request.SCHEMA,
                            kind,
                            null,
                            tracking,
                            parameters,
                            inputs,
                            folder.toAbsolutePath().toString(),
                            false));
        }
    }
}
