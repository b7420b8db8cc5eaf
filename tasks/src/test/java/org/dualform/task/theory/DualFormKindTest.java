package org.dualform.task.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.task.Kinds;
import org.dualform.task.MlflowProcess;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.dualform.theory.result.DualFormResult;
import org.dualform.theory.result.DualFormResults;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.Measure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The task on the built-in model: from a request to a report that says what was shown and what was not. */
class DualFormKindTest {
    private static final Path ROOT = Path.of(System.getProperty("dualform.root", ".."));

    @TempDir
    Path folder;

    @Test
    void theReportBeginsWithWhatWasShownAndWhatWasNot() throws Exception {
        String request = """
                {"experiment": {"model": "mini", "datasets": "topics", "shots": "0,4", "seeds": "1", "limit": 3,
                                "learning_rate": 0.01}}
                """;
        Result result = run(request);
        DualFormResults results =
                Json.mapper().readValue(Files.readAllBytes(file(result, "dual_form")), DualFormResults.class);
        DualFormResult measured = results.results().get(0);
        assertThat(results.results()).hasSize(1);
        assertThat(measured.shots()).isEqualTo(4);
        assertThat(measured.queries()).isEqualTo(3);
        assertThat(measured.holds()).isTrue();
        assertThat(measured.keysAffine()).isTrue();
        for (Floor floor : Floor.values()) {
            assertThat(measured.mean(Measure.COSINE, floor)).as(floor.id()).isPresent();
            assertThat(measured.mean(Measure.ALIGNMENT, floor)).as(floor.id()).isPresent();
        }
        assertThat(measured.spectra()).extracting(spectrum -> spectrum.of()).contains("icl", "ft", "patch");
        assertThat(result.metrics()).containsKeys("identity.patch", "cosine", "cosine.permuted", "alignment.untrained");
        String html = Files.readString(file(result, "report"));
        assertThat(html).containsSubsequence("What was shown", "What was not shown", "holds for any", "<table>");
        assertThat(html).contains("no evidence that in-context learning is gradient descent");
        assertThat(file(result, "figures")).isNotEmptyFile();
        assertThat(run(request).cached()).isTrue();
    }

    @Test
    void inDoublePrecisionOnlyTheLastDigitsAreOff() throws Exception {
        Result result = run("""
                {"experiment": {"model": "mini", "datasets": "topics", "shots": "2", "seeds": "1", "limit": 2,
                                "learning_rate": 0.01},
                 "precision": "float64", "untrained": false, "all_weights": false}
                """);
        DualFormResult measured = Json.mapper()
                .readValue(Files.readAllBytes(file(result, "dual_form")), DualFormResults.class)
                .results()
                .get(0);
        assertThat(measured.limit()).isEqualTo(1e-12);
        assertThat(measured.worst()).isPositive().isLessThan(1e-12);
        assertThat(measured.fullLearningRate()).isNull();
    }

    @Test
    void mistakesAreToldAtOnceAndAsThePlanTellsThem() {
        assertThatThrownBy(() -> run("""
                        {"experiment": {"model": "nowhere", "datasets": "nothing", "shots": "4", "seeds": "1"}}
                        """))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("nowhere", "nothing");
        assertThatThrownBy(() -> run("""
                        {"experiment": {"model": "mini", "datasets": "topics", "shots": "0", "seeds": "1",
                                        "methods": "icl"}}
                        """))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a count above 0 has to fit");
        assertThatThrownBy(() -> run("{\"experiment\": {}, \"precision\": \"float16\"}"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("precision must be float32 or float64");
    }

    @Test
    void theRunHasTheNumbersOfTheResult() throws Exception {
        try (MlflowProcess server = MlflowProcess.start(folder.resolve("mlflow"));
                Mlflow mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()))) {
            Result result = run("""
                    {"experiment": {"model": "mini", "datasets": "topics", "shots": "2", "seeds": "1", "limit": 2,
                                    "learning_rate": 0.01},
                     "untrained": false, "all_weights": false}
                    """, new Request.Tracking(server.uri(), "theory", "s"));
            List<RunView> runs = mlflow.runs().everyOfStudy("theory", "s");
            assertThat(runs).hasSize(1);
            RunView run = runs.get(0);
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlflow.runs().get(run.id()).metrics())
                    .containsOnlyKeys(result.metrics().keySet());
            assertThat(result.tracking()).isNotNull();
            for (String artifact : List.of("report.html", "figures.png", "layers.json")) {
                try (Stream<Path> files = Files.walk(folder.resolve("mlflow/artifacts"))) {
                    assertThat(files.map(file -> file.getFileName().toString())).contains(artifact);
                }
            }
        }
    }

    private Path file(Result result, String output) {
        return folder.resolve(
                Objects.requireNonNull(result.outputs().get(output)).path());
    }

    private Result run(String parameters) throws IOException {
        return run(parameters, null);
    }

    private Result run(String parameters, Request.@Nullable Tracking tracking) throws IOException {
        try (Models models = Models.ofOneTask()) {
            Map<String, String> environment =
                    Map.of("DUALFORM_MODEL_ROOTS", ROOT.resolve("models").toString());
            return new TaskRunner(Kinds.all(environment, 1), models, TaskEvents.none(), new Cancellation())
                    .run(new Request(
                            Request.SCHEMA,
                            "dual_form",
                            null,
                            tracking,
                            (ObjectNode) Json.mapper().readTree(parameters),
                            Map.of(),
                            folder.toAbsolutePath().toString(),
                            false));
        }
    }
}
