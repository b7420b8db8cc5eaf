package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the chain's tracking on a real MLflow server. */
@Tag("slow")
class TrackingTest {
    private static final String EXPERIMENT = "tracking-test";

    @TempDir
    Path folder;

    private void run(String uri, String study, boolean fresh, Path workspace, TaskEvents events, Cancellation stop)
            throws Exception {
        run("""
                {"model": "mini", "datasets": "topics", "shots": "0,1,2", "seeds": "1", "limit": 10,
                 "learning_rate": 0.01, "record": true}
                """, uri, study, fresh, workspace, events, stop);
    }

    private void run(
            String experiment,
            String uri,
            String study,
            boolean fresh,
            Path workspace,
            TaskEvents events,
            Cancellation stop)
            throws Exception {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
        ObjectNode spec = (ObjectNode) Json.mapper().readTree(experiment);
        try (Models models = Models.shared()) {
            TaskRunner runner = new TaskRunner(Kinds.all(environment, 1), models, events, stop);
            Request.Tracking tracking = new Request.Tracking(uri, EXPERIMENT, study);
            Chain chain = new Chain(request -> runner.run(request.tracked(tracking)), workspace, fresh, events);
            assertThat(chain.run(spec).failures()).isEmpty();
        }
    }

    /** Asks to stop when a cell is in this phase; what was chosen before has swept over shots too. */
    private static TaskEvents stoppingAt(String phase, Cancellation cancellation) {
        return new TaskEvents() {
            private boolean inCell;

            @Override
            public void run(String runId, String url) {}

            @Override
            public void progress(String what, long done, long total, @Nullable Duration eta) {
                if (inCell && what.startsWith(phase)) cancellation.request();
            }

            @Override
            public void info(String line) {
                inCell |= line.startsWith("Cell ");
            }
        };
    }

    private static Map<String, RunView> runs(Mlflow mlflow, String study) {
        Map<String, RunView> byName = new TreeMap<>();
        for (RunView run : mlflow.runs().ofStudy(EXPERIMENT, study)) {
            assertThat(byName.put(run.name(), run))
                    .as("a second run named " + run.name())
                    .isNull();
        }
        return byName;
    }

    private static List<Long> steps(Mlflow mlflow, RunView run) {
        return mlflow.runs().history(run.id(), "accuracy").stream()
                .map(MetricPoint::step)
                .toList();
    }

    @Test
    void oneRunACurveHoweverOftenAndHoweverEnded() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            Path workspace = folder.resolve("w");
            Cancellation cancellation = new Cancellation();
            assertThatThrownBy(() ->
                            run(server.uri(), "s", false, workspace, stoppingAt("icl", cancellation), cancellation))
                    .isInstanceOf(CancelledException.class);
            assertThat(runs(mlflow, "s").get("topics icl, seed 1").status()).isEqualTo(RunStatus.KILLED);

            run(server.uri(), "s", false, workspace, TaskEvents.none(), new Cancellation());
            check(mlflow);
            Map<String, RunView> first = runs(mlflow, "s");
            run(server.uri(), "s", false, workspace, TaskEvents.none(), new Cancellation());
            run(server.uri(), "s", true, workspace, TaskEvents.none(), new Cancellation());
            check(mlflow);
            assertThat(runs(mlflow, "s").values())
                    .extracting(RunView::id)
                    .containsExactlyElementsOf(
                            first.values().stream().map(RunView::id).toList());
        }
    }

    @Test
    void aCurveOfAnUnstableRateIsTaggedAndNoOther() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            for (String rate : List.of("3", "0.01")) {
                String experiment = """
                        {"model": "mini", "datasets": "topics", "shots": "0,8", "seeds": "1", "limit": 8,
                         "learning_rate": %s}
                        """.formatted(rate);
                Path workspace = folder.resolve("w" + rate);
                run(experiment, server.uri(), rate, false, workspace, TaskEvents.none(), new Cancellation());
            }
            assertThat(runs(mlflow, "3")
                            .get("topics ft, seed 1")
                            .tag("unstable")
                            .orElse(""))
                    .contains("rounding errors grew with 8 shots");
            assertThat(runs(mlflow, "3").get("topics icl, seed 1").tag("unstable"))
                    .isEmpty();
            assertThat(runs(mlflow, "0.01").get("topics ft, seed 1").tag("unstable"))
                    .isEmpty();
        }
    }

    private static void check(Mlflow mlflow) {
        Map<String, RunView> runs = runs(mlflow, "s");
        assertThat(runs.keySet())
                .containsExactly("summary s", "topics comparison, seed 1", "topics ft, seed 1", "topics icl, seed 1");
        assertThat(runs.values()).extracting(RunView::status).containsOnly(RunStatus.FINISHED);
        RunView icl = runs.get("topics icl, seed 1");
        RunView ft = runs.get("topics ft, seed 1");
        assertThat(steps(mlflow, icl)).containsExactly(0L, 1L, 2L);
        assertThat(steps(mlflow, ft)).containsExactly(0L, 1L, 2L);
        assertThat(icl.params()).containsEntry("curve", "topics icl").containsEntry("method", "icl");
        assertThat(ft.params()).containsEntry("learning_rate", "0.01").containsEntry("seed", "1");
        assertThat(ft.tag(Tags.KIND)).hasValue("curve");
        assertThat(icl.metrics()).containsKeys("accuracy.low", "accuracy.high", "accuracy.n", "ms_per_query");
        assertThat(runs.get("topics comparison, seed 1").metrics()).containsKeys("icl_minus_ft", "icl.accuracy.n");
        checkLayers(mlflow, runs.get("topics comparison, seed 1"));
        RunView summary = runs.get("summary s");
        assertThat(summary.tag(Tags.NOTE).orElse("")).contains("viewStateShareKey=dualform-");
        assertThat(mlflow.artifacts().list(summary, ""))
                .contains("results.json", "report.html", "examples.jsonl", "plan.json");
    }

    /** Similarities by layer are a table that MLflow's UI shows, never metrics. */
    private static void checkLayers(Mlflow mlflow, RunView comparison) {
        assertThat(comparison.tag("mlflow.loggedArtifacts").orElse("")).contains("examples.json", "layers.json");
        assertThat(mlflow.artifacts().list(comparison, "")).contains("layers.json");
        assertThat(comparison.metrics().keySet()).contains("sim_aou").noneMatch(name -> name.contains("layer"));
    }
}
