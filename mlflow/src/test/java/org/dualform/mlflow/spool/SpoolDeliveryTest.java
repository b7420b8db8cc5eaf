package org.dualform.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.dualform.base.Sha256;
import org.dualform.mlflow.RealServer;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Tests a server that goes away at any moment: nothing is lost, and nothing is written twice. */
@Tag("slow")
class SpoolDeliveryTest {
    private static final CallLimits SHORT = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(40), 2, Duration.ofMillis(50));

    @TempDir
    static Path folder;

    @TempDir
    Path spool;

    private static RealServer real;
    private String experiment = "";

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

    @BeforeEach
    void name(TestInfo info) {
        experiment = info.getDisplayName();
    }

    private Tracker tracker() {
        return Tracker.open(real.server(), spool, SHORT);
    }

    /** Tells a server that nobody runs. What it was to hear can be delivered elsewhere. */
    private Tracker away() {
        return Tracker.open(MlflowServer.of("http://127.0.0.1:1", Map.of()), spool, SHORT);
    }

    private Delivery deliverAnywhere(Tracker tracker) {
        return new Deliverer(tracker.mlflow(), new Spool(spool), true).deliver();
    }

    private RunSpec spec(int cell) {
        return new RunSpec(
                experiment,
                new RunKey("study", "cell" + cell, "icl"),
                "cell " + cell,
                Map.of("seed", "" + cell),
                Map.of());
    }

    private static List<MetricPoint> curve(int cell) {
        return Stream.of(0, 1, 2, 4, 8)
                .map(k -> new MetricPoint("accuracy", (cell + k) / 100.0, k))
                .toList();
    }

    private void write(Tracker tracker, int cell) throws Exception {
        Path file = Files.writeString(spool.resolve("gone-" + cell + ".txt"), "content " + cell);
        try (TrackedRun run = tracker.run(spec(cell))) {
            run.metrics(curve(cell));
            run.datasets(List.of(new DatasetUse("d", "1", "local", "{}", null, null, "evaluation")));
            run.file("a.txt", file);
            run.table("t.json", new Table(List.of("id"), List.of(List.of("x"))));
            run.end(RunStatus.FINISHED);
        }
        Files.delete(file);
    }

    private void assertWhole(Mlflow mlflow, int cells) {
        List<RunView> runs = mlflow.runs().search(experiment, "");
        assertThat(runs).hasSize(cells);
        for (RunView run : runs) {
            int cell = Integer.parseInt(run.params().get("seed"));
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(mlflow.runs().history(run.id(), "accuracy")).isEqualTo(curve(cell));
            assertThat(mlflow.artifacts().list(run, "")).containsExactlyInAnyOrder("a.txt", "t.json");
            Path got = spool.resolve("got");
            mlflow.artifacts().download(run, "a.txt", got, Sha256.hex("content " + cell));
        }
    }

    private void assertEmptySpool() throws Exception {
        assertThat(new Spool(spool).isEmpty()).isTrue();
        try (Stream<Path> left = Files.walk(spool.resolve("queue"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        try (Stream<Path> left = Files.list(spool.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aServerThatIsAwayFromTheStart() throws Exception {
        real.kill();
        try (Tracker tracker = tracker()) {
            for (int cell = 0; cell < 3; cell++) {
                write(tracker, cell);
            }
            assertThat(tracker.deliver().waiting()).isEqualTo(3 * 6);
        }
        real.up();
        try (Tracker tracker = tracker()) {
            write(tracker, 1); // a retry: what waits for its run goes first
            Delivery delivery = tracker.deliver();
            assertThat(delivery).isEqualTo(new Delivery(0, 0, List.of(), List.of()));
            assertWhole(tracker.mlflow(), 3);
            assertEmptySpool();
            assertThat(tracker.deliver().delivered()).isZero();
        }
    }

    @Test
    void aServerKilledInTheMiddle() throws Exception {
        try (Tracker tracker = tracker()) {
            try (TrackedRun run = tracker.run(spec(0))) {
                run.metrics(curve(0).subList(0, 2));
                real.kill();
                run.metrics(curve(0));
                assertThat(run.spooled()).isTrue();
                run.datasets(List.of(new DatasetUse("d", "1", "local", "{}", null, null, "evaluation")));
                run.text("a.txt", "content 0");
                run.table("t.json", new Table(List.of("id"), List.of(List.of("x"))));
                run.end(RunStatus.FINISHED);
                assertThat(tracker.deliver().delivered())
                        .as("its writer still lives")
                        .isZero();
            }
            real.up();
            assertThat(tracker.deliver().problems()).isEmpty();
            assertWhole(tracker.mlflow(), 1);
            assertEmptySpool();
        }
    }

    @Test
    void whatCannotBeDeliveredIsSetAsideAndBlocksNothing() throws Exception {
        try (Tracker tracker = away()) {
            write(tracker, 0);
            write(tracker, 1);
        }
        Path session = new Spool(spool).sessions(new Spool(spool).runs().get(0)).get(0);
        List<String> lines = new ArrayList<>(Files.readAllLines(session.resolve("ops.jsonl")));
        lines.add(2, "{\"op\":\"nonsense\"}");
        lines.add(
                3,
                "{\"op\":\"datasets\",\"datasets\":[{\"name\":\"d\",\"digest\":\"1\",\"sourceType\":\"local\","
                        + "\"context\":\"evaluation\",\"source\":\"" + "too long ".repeat(10_000) + "\"}]}");
        Files.write(session.resolve("ops.jsonl"), lines);
        Files.writeString(session.resolve("ops.jsonl"), "{\"op\":\"cut of", StandardOpenOption.APPEND);
        try (Tracker tracker = tracker()) {
            assertThat(tracker.deliver().problems()).singleElement().asString().contains("http://127.0.0.1:1");
            Delivery delivery = deliverAnywhere(tracker);
            assertThat(delivery.aside()).hasSize(2);
            assertThat(delivery.waiting()).isZero();
            for (String aside : delivery.aside()) {
                assertThat(Path.of(aside).resolve("reason.txt")).isNotEmptyFile();
                assertThat(Path.of(aside).resolve("operation.json")).isNotEmptyFile();
            }
            assertWhole(tracker.mlflow(), 2);
        }
    }

    @Test
    void twoDeliverersAtOnceAndAKillAmongThemDeliverOnce() throws Exception {
        int cells = 12;
        try (Tracker tracker = away()) {
            for (int cell = 0; cell < cells; cell++) {
                write(tracker, cell);
            }
        }
        ExecutorService two = Executors.newFixedThreadPool(2);
        try (Tracker a = tracker();
                Tracker b = tracker()) {
            List<Future<Delivery>> deliveries =
                    List.of(two.submit(() -> deliverAnywhere(a)), two.submit(() -> deliverAnywhere(b)));
            while (new Spool(spool).runs().size() == cells
                    && deliveries.stream().noneMatch(Future::isDone)) {
                Thread.sleep(5); // until one is delivered
            }
            real.kill();
            for (Future<Delivery> delivery : deliveries) {
                delivery.get();
            }
            real.up();
            assertThat(new Spool(spool).isEmpty()).as("killed in the middle").isFalse();
            deliverAnywhere(a);
            assertWhole(a.mlflow(), cells);
            assertEmptySpool();
        } finally {
            two.shutdown();
        }
    }

    @Test
    void eightWritersWhoseServerIsAwayForAWhileLoseNothing() throws Exception {
        int writers = 8;
        int cellsEach = 3;
        CountDownLatch begun = new CountDownLatch(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> ended = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int first = writer * cellsEach;
                ended.add(threads.submit(() -> {
                    for (int cell = first; cell < first + cellsEach; cell++) {
                        try (Tracker tracker = tracker()) { // a task each, as on one worker
                            write(tracker, cell);
                        }
                        begun.countDown();
                    }
                    return null;
                }));
            }
            begun.await();
            real.kill();
            real.up();
            for (Future<?> each : ended) each.get();
        } finally {
            threads.shutdown();
        }
        try (Tracker tracker = tracker()) {
            tracker.deliver();
            assertWhole(tracker.mlflow(), writers * cellsEach);
            assertEmptySpool();
            assertThat(tracker.deliver().delivered()).as("a second time").isZero();
        }
    }

    @Test
    void aProcessToldToStopLeavesNoRunRunning() {
        try (Tracker tracker = tracker()) {
            try (TrackedRun run = tracker.run(spec(0))) {
                long start = System.nanoTime();
                run.endAtOnce(RunStatus.KILLED);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
            tracker.deliver();
            assertThat(tracker.mlflow().runs().search(experiment, ""))
                    .extracting(RunView::status)
                    .containsExactly(RunStatus.KILLED);
        }
    }
}
