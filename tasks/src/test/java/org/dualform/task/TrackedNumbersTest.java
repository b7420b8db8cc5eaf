package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that every number of a study in MLflow equals the one in results.json, metric by metric and step by step. Every
 * accuracy of results.json must also be in MLflow. The study has parts that have gone wrong before: an arm with a
 * {@code =} in its name, two orders, two templates and calibration.
 */
@Tag("slow")
class TrackedNumbersTest {
    private static final String EXPERIMENT = "tracked-numbers";
    private static final String STUDY = "numbers";
    private static final List<String> METHODS = List.of("icl", "ft");
    private static final List<String> SUFFIXES = List.of("low", "high", "n");

    @TempDir
    Path folder;

    /** Rows of results.json by cell, then by requested shot count. */
    private final Map<String, Map<Long, JsonNode>> rows = new HashMap<>();

    private JsonNode measure(String uri) throws Exception {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
        ObjectNode spec = (ObjectNode) Json.mapper().readTree("""
                        {"model": "mini", "datasets": "topics", "shots": "0,1,2", "seeds": "1,2", "limit": 12,
                         "orders": "0,1", "arms": "flip=0.5,ft=adam,calibrated", "template": "auto,generic",
                         "learning_rate": 0.01}
                        """);
        try (Models models = Models.shared()) {
            TaskRunner runner =
                    new TaskRunner(Kinds.all(environment, 1), models, TaskEvents.none(), new Cancellation());
            Request.Tracking tracking = new Request.Tracking(uri, EXPERIMENT, STUDY);
            Chain.Ended ended = new Chain(
                            request -> runner.run(request.tracked(tracking)),
                            folder.resolve("w"),
                            false,
                            TaskEvents.none())
                    .run(spec);
            assertThat(ended.failures()).isEmpty();
            return Json.mapper().readTree(Files.readAllBytes(ended.results()));
        }
    }

    @Test
    void areThoseOfTheResultsAndNoneIsLost() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            JsonNode results = measure(server.uri());
            for (JsonNode row : results.path("rows"))
                rows.computeIfAbsent(row.path("cell").asText(), cell -> new TreeMap<>())
                        .put(row.path("shots").asLong(), row);
            assertThat(rows)
                    .as("two seeds: two orders, two templates and both, three controls")
                    .hasSize(2 * (4 + 3));

            List<RunView> runs = mlflow.runs().ofStudy(EXPERIMENT, STUDY);
            assertThat(runs).extracting(RunView::status).containsOnly(RunStatus.FINISHED);
            Map<String, Set<Long>> accuracies = new TreeMap<>();
            for (RunView run : runs) {
                switch (run.tag(Tags.KIND).orElse("")) {
                    case "curve" -> checkCurve(mlflow, run, accuracies);
                    case "comparison" -> checkComparison(mlflow, run);
                    case "summary" -> checkSummary(mlflow, run, results);
                    default -> throw new AssertionError("a run of no kind: " + run);
                }
            }
            everyAccuracyIsTracked(accuracies);
            mainCurvesAreByThemselves(runs);
        }
    }

    /** Curve runs leave the method out of a metric's name; step 0 is zero-shot in both. */
    private void checkCurve(Mlflow mlflow, RunView run, Map<String, Set<Long>> accuracies) {
        String cell = run.params().get("cell");
        String method = run.params().get("method");
        CurveRole role = isMain(run) ? CurveRole.MAIN : CurveRole.CONTROL;
        assertThat(run.tag(Tags.CURVE)).as(run.name()).hasValue(role.tag());
        for (String tracked : run.metrics().keySet()) {
            String key = CurveRole.plain(tracked);
            assertThat(tracked).as(run.name()).isEqualTo(role.metric(key));
            for (MetricPoint point : mlflow.runs().history(run.id(), tracked)) {
                boolean zeroShot = point.step() == 0;
                JsonNode row = zeroShot
                        ? rows.get(cell).values().iterator().next()
                        : rows.get(cell).get(point.step());
                assertThat(row)
                        .as(run.name() + " " + key + " at " + point.step())
                        .isNotNull();
                checkNumber(run, point, row.path("metrics"), (zeroShot ? "zsl." : method + ".") + key);
                if (key.equals("accuracy"))
                    accuracies
                            .computeIfAbsent(cell + " " + method, place -> new TreeSet<>())
                            .add(point.step());
            }
        }
        assertThat(accuracies.get(cell + " " + method))
                .as(run.name() + " starts with zero-shot")
                .contains(0L);
    }

    private static boolean isMain(RunView run) {
        return List.of("main", "0", String.valueOf(run.params().get("dataset")))
                .equals(List.of(
                        run.params().get("arm"),
                        run.params().get("order"),
                        run.params().get("template")));
    }

    private void checkComparison(Mlflow mlflow, RunView run) {
        Map<Long, JsonNode> ofCell = rows.get(run.params().get("cell"));
        assertThat(run.metrics()).containsKeys("icl.accuracy", "icl_minus_ft");
        for (String key : run.metrics().keySet())
            for (MetricPoint point : mlflow.runs().history(run.id(), key))
                checkNumber(run, point, ofCell.get(point.step()).path("metrics"), key);
    }

    private void checkSummary(Mlflow mlflow, RunView run, JsonNode results) {
        Map<String, JsonNode> summary = new TreeMap<>();
        for (JsonNode row : results.path("summary")) {
            String dataset = row.path("dataset").asText();
            String arm = row.path("arm").asText();
            String template = row.path("template").asText();
            String curve = dataset
                    + (arm.equals("main") ? "" : " " + arm)
                    + (template.equals(dataset) ? "" : " template " + template);
            assertThat(summary.put(curve + " at " + row.path("shots").asText(), row))
                    .as("one summary row a curve and shot count")
                    .isNull();
        }
        Set<String> seen = new TreeSet<>();
        for (String key : run.metrics().keySet()) {
            String curve = key.substring(0, key.lastIndexOf('/'));
            for (MetricPoint point : mlflow.runs().history(run.id(), key)) {
                String place = curve + " at " + point.step();
                seen.add(place);
                assertThat(summary).containsKey(place);
                checkNumber(run, point, summary.get(place).path("metrics"), key.substring(key.lastIndexOf('/') + 1));
            }
        }
        assertThat(seen).as("every summary row is tracked").isEqualTo(summary.keySet());
        assertThat(mlflow.artifacts().list(run, "")).contains("results.json", "report.html", "plan.json");
        assertThat(run.tag(Tags.NOTE).orElse("")).doesNotContain("Under way").contains("topics");
    }

    /** Value, ends of the interval and n: the same to the last bit. */
    private static void checkNumber(RunView run, MetricPoint point, JsonNode metrics, String key) {
        String suffix = SUFFIXES.stream()
                .filter(each -> key.endsWith("." + each))
                .findFirst()
                .orElse("value");
        String name = suffix.equals("value") ? key : key.substring(0, key.length() - suffix.length() - 1);
        JsonNode number = metrics.path(name).path(suffix);
        assertThat(number.isNumber())
                .as(run.name() + ": " + key + " at " + point.step() + " is in results.json")
                .isTrue();
        assertThat(point.value())
                .as(run.name() + ": " + key + " at " + point.step())
                .isEqualTo(number.doubleValue());
    }

    private void everyAccuracyIsTracked(Map<String, Set<Long>> accuracies) {
        List<String> lost = new ArrayList<>();
        rows.forEach((cell, byShots) -> byShots.forEach((shots, row) -> {
            for (String method : METHODS) {
                JsonNode accuracy =
                        row.path("metrics").path(method + ".accuracy").path("value");
                boolean tracked =
                        accuracies.getOrDefault(cell + " " + method, Set.of()).contains(shots);
                if (accuracy.isNumber() && !tracked) lost.add(cell + " " + method + " at " + shots);
            }
        }));
        assertThat(lost).isEmpty();
    }

    /** What a chart groups by never puts a control and the experiment itself into one line. */
    private static void mainCurvesAreByThemselves(List<RunView> runs) {
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (RunView run : runs) {
            if (!run.tag(Tags.KIND).orElse("").equals("curve")) continue;
            String what = run.params().get("arm") + ", order " + run.params().get("order") + ", "
                    + run.params().get("template");
            kinds.computeIfAbsent(run.params().get("curve"), curve -> new TreeSet<>())
                    .add(what);
        }
        assertThat(kinds)
                .allSatisfy((curve, whats) -> assertThat(whats).as(curve).hasSize(1));
        assertThat(kinds.get("topics icl")).containsExactly("main, order 0, topics");
        assertThat(kinds).containsKeys("topics ft flip=0.5", "topics icl order 1", "topics icl template generic");
    }
}
