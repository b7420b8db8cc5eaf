package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Delivery;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a real MLflow that takes everything but files, wherever it says that the files belong. */
@Tag("slow")
class ArtifactStoreTest {
    private static final CallLimits SHORT = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(40), 2, Duration.ofMillis(20));

    /** Locations of experiments. MLflow takes each of them as it is. */
    private static final Map<String, String> PLACES = Map.of(
            "another store", "s3://bucket/folder",
            "a space", "file:///tmp/a folder",
            "a percent sign", "file:///tmp/50%",
            "not passed on", "mlflow-artifacts:/here",
            "not passed on, with a percent sign", "mlflow-artifacts:/50% or more");

    @TempDir
    static Path folder;

    @TempDir
    Path spool;

    private static RealServer real;

    @BeforeAll
    static void start() throws Exception {
        real = RealServer.startWithoutArtifacts(folder);
        try (Mlflow mlflow = Mlflow.connect(real.server(), SHORT)) {
            PLACES.forEach((name, place) -> mlflow.api()
                    .http()
                    .post(
                            "api/2.0/mlflow/experiments/create",
                            "{\"name\":\"" + name + "\",\"artifact_location\":\"" + place + "\"}",
                            true)
                    .orThrow());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (real != null) {
            real.close();
        }
    }

    private static List<MetricPoint> curve(double first) {
        return List.of(new MetricPoint("accuracy", first, 0), new MetricPoint("accuracy", 0.75, 4));
    }

    private static void write(Tracker tracker, String experiment, double first) {
        RunSpec spec = new RunSpec(experiment, new RunKey("s", "c", "icl"), "n", Map.of("seed", "1"), Map.of());
        try (TrackedRun run = tracker.run(spec)) {
            run.text("report.html", "<p>");
            run.metrics(curve(first));
            run.table("tables/t.json", new Table(List.of("id"), List.of(List.of("x"))));
            run.note("x".repeat(9000)); // the whole of a long text is a file, too
            run.end(RunStatus.FINISHED);
            assertThat(run.refused("report.html")).isEqualTo(!run.spooled());
        }
    }

    private void assertAllButFiles(Mlflow mlflow, String experiment, double first) throws Exception {
        List<RunView> runs = mlflow.runs().ofStudy(experiment, "s");
        assertThat(runs).as(experiment).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.params()).containsEntry("seed", "1");
            assertThat(run.tag("mlflow.note.content").orElse("")).startsWith("xxx");
            assertThat(mlflow.runs().history(run.id(), "accuracy")).isEqualTo(curve(first));
        });
        assertThat(new Spool(spool.resolve(experiment)).isEmpty())
                .as(experiment)
                .isTrue();
        try (var aside = Files.walk(spool.resolve(experiment).resolve("aside"))) {
            assertThat(aside.filter(file -> file.endsWith("operation.json")).map(ArtifactStoreTest::read))
                    .as(experiment)
                    .hasSize(3)
                    .allMatch(operation -> operation.contains("\"file\""));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everythingButTheFilesArrivesAndRunsEndFinished() throws Exception {
        for (String experiment : Stream.concat(PLACES.keySet().stream(), Stream.of("the default"))
                .toList()) {
            try (Tracker tracker = Tracker.open(real.server(), spool.resolve(experiment), SHORT)) {
                write(tracker, experiment, 0.5);
                assertAllButFiles(tracker.mlflow(), experiment, 0.5);
            }
        }
    }

    @Test
    void aNewRunTakesOverWhatAnOldOneHolds() throws Exception {
        String experiment = "not passed on";
        try (Tracker tracker = Tracker.open(real.server(), spool.resolve(experiment), SHORT)) {
            write(tracker, experiment, 0.25);
            write(tracker, experiment, 0.375);
            assertAllButFiles(tracker.mlflow(), experiment, 0.375);
        }
    }

    @Test
    void deliveredLaterEverythingButTheFilesArrives() throws Exception {
        for (String experiment : List.of("not passed on", "a percent sign")) {
            Path own = spool.resolve(experiment);
            try (Tracker away = Tracker.open(MlflowServer.of("http://127.0.0.1:1", Map.of()), own, SHORT)) {
                write(away, experiment, 0.125);
            }
            try (Mlflow mlflow = Mlflow.connect(real.server(), SHORT)) {
                Delivery delivery = new Deliverer(mlflow, new Spool(own), true).deliver();
                assertThat(delivery.waiting()).as(experiment).isZero();
                assertThat(delivery.aside()).as(experiment).hasSize(3);
                assertAllButFiles(mlflow, experiment, 0.125);
            }
        }
    }
}
