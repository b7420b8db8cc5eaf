package org.dualform.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests spool files that a full disk or a power cut has damaged: nothing is lost, and nothing is thrown. */
class SpoolDamageTest {
    /** Nobody answers here. */
    private static final MlflowServer AWAY = MlflowServer.of("http://127.0.0.1:1", Map.of());

    private static final CallLimits ONE_TRY = new CallLimits(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ofMillis(1));

    @TempDir
    Path folder;

    @Test
    void underAHeaderThatCannotBeReadEverythingIsSetAsideWithItsFile() throws Exception {
        Path session = spooled();
        List<String> lines = new ArrayList<>(Files.readAllLines(ops(session)));
        lines.set(0, "{\"schema\":1,\"server\":");
        Files.write(ops(session), lines);

        Delivery delivery = deliver();
        assertThat(delivery.delivered()).isZero();
        assertThat(delivery.waiting()).isZero();
        assertThat(delivery.aside()).hasSize(lines.size() - 1);
        assertThat(new Spool(folder).isEmpty()).isTrue();
        List<String> kept = new ArrayList<>();
        for (String aside : delivery.aside()) {
            assertThat(Path.of(aside).resolve("reason.txt")).isNotEmptyFile();
            kept.add(Files.readString(Path.of(aside).resolve("operation.json")).strip());
        }
        assertThat(kept).isEqualTo(lines.subList(1, lines.size()));
        assertThat(Path.of(delivery.aside().get(1)))
                .isDirectoryContaining(file -> file.getFileName().toString().endsWith("a.txt")
                        && read(file).equals("content"));
    }

    @Test
    void aMarkThatCannotBeReadCountsAsNothingDelivered() throws Exception {
        Path session = spooled();
        int lines = Files.readAllLines(ops(session)).size();
        for (String spoilt : List.of("", "3x")) {
            Files.writeString(session.resolve("done"), spoilt);
            Delivery delivery = deliver();
            assertThat(delivery.waiting()).isEqualTo(lines);
            assertThat(delivery.problems()).singleElement().asString().contains("127.0.0.1:1");
        }
    }

    @Test
    void aSessionCutOffBeforeItsFirstLineHoldsNothing() throws Exception {
        Path session = spooled();
        Files.writeString(ops(session), "{\"schema\":1,\"ser");
        assertThat(deliver()).isEqualTo(new Delivery(0, 0, List.of(), List.of()));
        assertThat(new Spool(folder).isEmpty()).isTrue();
    }

    /** The folder of a session that holds a metric, a file and the end of a run. */
    private Path spooled() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "content");
        RunSpec spec = new RunSpec("e", new RunKey("study", "cell", "icl"), "cell", Map.of(), Map.of());
        try (Tracker tracker = Tracker.open(AWAY, folder, ONE_TRY);
                TrackedRun run = tracker.run(spec)) {
            run.metrics(List.of(new MetricPoint("accuracy", 0.5, 0)));
            run.file("a.txt", file);
            run.end(RunStatus.FINISHED);
        }
        Files.delete(file);
        Spool spool = new Spool(folder);
        return spool.sessions(spool.runs().get(0)).get(0);
    }

    private Delivery deliver() {
        try (Mlflow mlflow = Mlflow.connect(AWAY, ONE_TRY)) {
            return new Deliverer(mlflow, new Spool(folder), false).deliver();
        }
    }

    private static Path ops(Path session) {
        return session.resolve("ops.jsonl");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
