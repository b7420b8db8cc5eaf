package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;

/** The facade against MLflow itself; what it wrote is read back by MLflow's own Java client. */
@Tag("slow")
class RealServerTest {

    @TempDir
    static Path folder;

    @TempDir
    Path spool;

    private static RealServer real;

    @BeforeAll
    static void start() throws Exception {
        real = RealServer.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (real != null) {
            real.close();
        }
    }

    private static RunSpec spec(String experiment, String cell, String kind, Map<String, String> params) {
        return new RunSpec(
                experiment,
                new RunKey("study '1'", cell, kind),
                cell + " " + kind,
                params,
                Map.of(Tags.STUDY, "study '1'", Tags.KIND, "curve", Tags.AIRFLOW_TRY, "1"));
    }

    private static List<MetricPoint> curve(double shift) {
        return List.of(
                new MetricPoint("accuracy", 0.5 + shift, 0),
                new MetricPoint("accuracy", 0.75 + shift, 4),
                new MetricPoint("accuracy", Double.NaN, 8),
                new MetricPoint("loss", Double.POSITIVE_INFINITY, 8));
    }

    @Test
    void writesWhatMlflowsOwnClientReads() throws Exception {
        Path report = Files.writeString(spool.resolve("report.html"), "<p>hallo</p>");
        String id;
        try (Tracker tracker = Tracker.open(real.server(), spool.resolve("s"));
                TrackedRun run =
                        tracker.run(spec("writes", "c1", "icl", Map.of("model", "mini", "long", "x".repeat(7000))))) {
            run.metrics(curve(0));
            run.datasets(List.of(new DatasetUse(
                    "topics", "abc", "local", "{\"uri\":\"topics\"}", null, "{\"num_rows\":7}", "evaluation")));
            run.file("report.html", report);
            run.table(
                    "tables/examples.json",
                    new Table(List.of("id", "score"), List.of(List.of("a", 1.5), List.of("b", Double.NaN))));
            run.note("# Answer\n" + "y".repeat(9000));
            run.end(RunStatus.FINISHED);
            assertThat(run.spooled()).isFalse();
            id = run.id().orElseThrow();
            assertThat(tracker.mlflow().artifacts().list(tracker.mlflow().runs().get(id), ""))
                    .containsExactlyInAnyOrder(
                            "report.html",
                            "tables/examples.json",
                            "long-values/params/long.txt",
                            "long-values/tags/mlflow.note.content.txt");
        }
        try (MlflowClient client = new MlflowClient(real.server().base().toString())) {
            var read = client.getRun(id);
            assertThat(read.getInfo().getStatus().name()).isEqualTo("FINISHED");
            assertThat(read.getData().getParamsList())
                    .extracting(p -> p.getKey())
                    .containsExactlyInAnyOrder("long", "model");
            Map<String, String> tags =
                    read.getData().getTagsList().stream().collect(Collectors.toMap(t -> t.getKey(), t -> t.getValue()));
            assertThat(tags)
                    .containsEntry("dualform.run_key", "study+%271%27/c1/icl")
                    .containsEntry("infinite.loss.8", "Infinity")
                    .containsEntry(
                            "mlflow.loggedArtifacts", "[{\"path\":\"tables/examples.json\",\"type\":\"table\"}]");
            assertThat(tags.get("mlflow.note.content"))
                    .startsWith("# Answer\ny")
                    .hasSizeLessThanOrEqualTo(8000)
                    .contains("9009 characters");
            assertThat(client.getMetricHistory(id, "accuracy"))
                    .hasSize(3)
                    .allMatch(m -> m.getTimestamp() == read.getInfo().getStartTime());
            assertThat(read.getInputs().getDatasetInputs(0).getDataset().getName())
                    .isEqualTo("topics");
        }
    }

    @Test
    void aRetryMakesNoSecondRunAndLogsNoPointTwice() {
        RunSpec spec = spec("retry", "c1", "icl", Map.of("model", "mini"));
        Set<String> ids = new java.util.HashSet<>();
        for (int attempt = 0; attempt < 3; attempt++) {
            try (Tracker tracker = Tracker.open(real.server(), spool);
                    TrackedRun run = tracker.run(spec)) {
                run.metrics(curve(0));
                run.end(attempt == 0 ? RunStatus.FAILED : RunStatus.FINISHED);
                ids.add(run.id().orElseThrow());
                assertThat(tracker.mlflow().runs().ofStudy("retry", "study '1'"))
                        .hasSize(1);
                assertThat(tracker.mlflow().runs().history(run.id().orElseThrow(), "accuracy"))
                        .hasSize(3);
            }
        }
        assertThat(ids).hasSize(1);
    }

    @Test
    void otherValuesOpenANewRunAndTagTheOld() {
        RunSpec spec = spec("superseded", "c1", "icl", Map.of("model", "mini"));
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec)) {
            String first = run.id().orElseThrow();
            run.text("a/plan.json", "{}");
            run.metrics(curve(0));
            run.end(RunStatus.FINISHED);
            run.metrics(curve(0.125));
            String second = run.id().orElseThrow();
            assertThat(second).isNotEqualTo(first);
            Runs runs = tracker.mlflow().runs();
            assertThat(runs.get(first).tag(Tags.SUPERSEDED)).contains(second);
            assertThat(runs.ofStudy("superseded", "study '1'"))
                    .extracting(RunView::id)
                    .containsExactly(second);
            assertThat(runs.history(second, "accuracy"))
                    .extracting(MetricPoint::value)
                    .containsExactly(0.625, 0.875, Double.NaN);
            assertThat(tracker.mlflow().artifacts().list(runs.get(second), "")).containsExactly("a/plan.json");
        }
    }

    @Test
    void changedParamsOpenANewRun() {
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun old = tracker.run(spec("params", "c1", "icl", Map.of("lr", "1")));
                TrackedRun next = tracker.run(spec("params", "c1", "icl", Map.of("lr", "2")))) {
            assertThat(next.id()).isNotEqualTo(old.id());
            assertThat(tracker.mlflow().runs().get(next.id().orElseThrow()).params())
                    .isEqualTo(Map.of("lr", "2"));
            assertThat(tracker.mlflow().runs().get(old.id().orElseThrow()).superseded())
                    .isTrue();
        }
    }
}
