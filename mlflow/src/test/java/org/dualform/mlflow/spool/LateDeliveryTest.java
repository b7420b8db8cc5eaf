package org.dualform.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.RealServer;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Two workers share nothing but the server: what one of them delivers late does not undo what the other said since. */
@Tag("slow")
class LateDeliveryTest {
    private static final CallLimits SHORT = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(40), 2, Duration.ofMillis(50));

    @TempDir
    static Path folder;

    @TempDir
    Path first;

    @TempDir
    Path second;

    private static RealServer real;
    private String experiment = "";

    @BeforeAll
    static void start() throws Exception {
        real = RealServer.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        if (real != null) real.close();
    }

    @BeforeEach
    void name(TestInfo info) {
        experiment = info.getDisplayName();
    }

    private RunSpec spec(String task, int attempt) {
        return new RunSpec(
                experiment,
                new RunKey("study", "cell", "ft"),
                "cell ft",
                Map.of("seed", "1"),
                Map.of(Tags.AIRFLOW_TASK, task, Tags.AIRFLOW_MAP_INDEX, "0", Tags.AIRFLOW_TRY, "" + attempt));
    }

    /** A worker from which the server cannot be reached; what it has to say waits in its spool. */
    private static Tracker cutOff(Path spool) {
        return Tracker.open(MlflowServer.of("http://127.0.0.1:1", Map.of()), spool, SHORT);
    }

    private static Tracker reached(Path spool) {
        return Tracker.open(real.server(), spool, SHORT);
    }

    /** Delivers a spool to the server, as the next task of that worker does. */
    private static void deliver(Path spool) {
        try (Tracker tracker = reached(spool)) {
            Delivery delivery = new Deliverer(tracker.mlflow(), new Spool(spool), true).deliver();
            assertThat(delivery.waiting()).isZero();
            assertThat(delivery.aside()).isEmpty();
        }
    }

    private void tell(Tracker tracker, RunSpec spec, double seconds, RunStatus status) {
        try (TrackedRun run = tracker.run(spec)) {
            run.metrics(List.of(new MetricPoint("accuracy", 0.5, 1), new MetricPoint("seconds", seconds, 1)));
            run.end(status);
        }
    }

    private RunView only() {
        try (Tracker tracker = reached(second)) {
            List<RunView> runs = tracker.mlflow().runs().search(experiment, "");
            assertThat(runs).hasSize(1);
            return runs.get(0);
        }
    }

    private double seconds() {
        return only().metrics().get("seconds").value();
    }

    @Test
    void anEarlierTryNeitherEndsNorReplacesTheRunOfALaterOne() {
        try (Tracker one = cutOff(first);
                Tracker two = reached(second)) {
            tell(one, spec("infer_ft", 1), 5, RunStatus.FAILED);
            tell(two, spec("infer_ft", 2), 6, RunStatus.FINISHED);
        }
        deliver(first);
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(seconds()).isEqualTo(6);
        assertThat(only().tag(Tags.AIRFLOW_TRY)).contains("2");
        assertThat(new Spool(first).isEmpty()).isTrue();
    }

    /** Why an earlier try failed is nothing that a run that finished says, whether it is heard before or after. */
    @Test
    void aRunThatFinishedDoesNotSayWhyAnEarlierTryFailed() {
        try (Tracker one = cutOff(first);
                Tracker two = reached(second)) {
            for (Tracker tracker : List.of(one, two)) {
                try (TrackedRun run = tracker.run(spec("infer_ft", 1))) {
                    run.tags(Map.of(Tags.MESSAGE, "the disk is full"));
                    run.end(RunStatus.FAILED);
                }
            }
            assertThat(only().tag(Tags.MESSAGE)).isPresent();
            tell(two, spec("infer_ft", 2), 6, RunStatus.FINISHED);
        }
        assertThat(only().tag(Tags.MESSAGE)).isEmpty();
        deliver(first);
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(only().tag(Tags.MESSAGE)).isEmpty();
    }

    @Test
    void aProcessThatOutlivesItsTryDoesNotTakeTheRunFromTheNext() {
        try (Tracker one = reached(first);
                Tracker two = reached(second)) {
            tell(two, spec("infer_ft", 2), 6, RunStatus.FINISHED);
            try (TrackedRun run = one.run(spec("infer_ft", 1))) {
                run.metrics(List.of(new MetricPoint("seconds", 5, 1)));
                run.endAtOnce(RunStatus.KILLED);
            }
        }
        deliver(first);
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(seconds()).isEqualTo(6);
        assertThat(only().tag(Tags.AIRFLOW_TRY)).contains("2");
    }

    @Test
    void theLaterTryStandsAlsoWhereItIsTheOneThatArrivesLate() {
        try (Tracker one = cutOff(first);
                Tracker two = cutOff(second)) {
            tell(one, spec("infer_ft", 1), 5, RunStatus.FAILED);
            tell(two, spec("infer_ft", 2), 5, RunStatus.FINISHED);
        }
        deliver(first);
        assertThat(only().status()).isEqualTo(RunStatus.FAILED);
        deliver(second);
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void anotherTaskOfTheSameRunAddsWhatIsMissing() {
        try (Tracker one = cutOff(first);
                Tracker two = reached(second)) {
            try (TrackedRun training = one.run(spec("finetune", 1))) {
                training.params(Map.of("learning_rate", "0.1"));
                training.text("training.json", "{}");
                training.end(RunStatus.FAILED);
            }
            tell(two, spec("infer_ft", 1), 6, RunStatus.FINISHED);
        }
        deliver(first);
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(only().params()).containsEntry("learning_rate", "0.1");
        assertThat(only().tag(Tags.AIRFLOW_TASK)).contains("infer_ft");
        try (Tracker tracker = reached(second)) {
            assertThat(tracker.mlflow().artifacts().list(only(), "")).containsExactly("training.json");
        }
    }
}
