package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Delivery;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that what the server never takes is set aside, whether it refuses it or fails on it, and that what comes with it
 * and after it still arrives.
 */
class RefusalTest {
    private static final CallLimits ONE_TRY = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, Duration.ofMillis(1));

    @TempDir
    Path folder;

    private static RunSpec spec(Map<String, String> params, Map<String, String> tags) {
        return new RunSpec("x", new RunKey("s", "", "summary"), "n", params, tags);
    }

    private Tracker tracker(MlflowServer server) {
        return Tracker.open(server, folder.resolve("spool"), ONE_TRY);
    }

    /** One bad item in the middle of each kind. */
    private void write(TrackedRun run) throws Exception {
        run.metrics(IntStream.range(0, 9)
                .mapToObj(i -> new MetricPoint(i == 4 ? "bad" : "m" + i, i, 0))
                .toList());
        run.params(Map.of("p", "1", "bad.param", "1"));
        run.tags(Map.of("t", "1", "bad.tag", "1"));
        run.datasets(List.of(dataset("d1"), dataset("bad"), dataset("d2")));
        run.file("bad.txt", Files.writeString(folder.resolve("file.txt"), "content of the file"));
        run.file("a/../b.txt", folder.resolve("file.txt"));
        run.table("table.json", new Table(List.of("id"), List.of(List.of("x"))));
        run.text("results.json", "the results");
        run.note("the note");
        run.end(RunStatus.FINISHED);
    }

    private static DatasetUse dataset(String name) {
        return new DatasetUse(name, "1", "local", "{}", null, null, "evaluation");
    }

    private static void assertTaken(RefusingServer server) {
        List<String> taken = server.taken();
        assertThat(taken).filteredOn(call -> call.startsWith("update ")).hasSize(1);
        for (String good : List.of(
                "\"m0\"",
                "\"m3\"",
                "\"m5\"",
                "\"m8\"",
                "\"p\"",
                "\"t\"",
                "\"d1\"",
                "\"d2\"",
                "the results",
                "the note")) {
            assertThat(taken).as(good).anyMatch(call -> call.contains(good));
        }
        assertThat(taken).noneMatch(call -> call.contains("bad"));
        assertThat(taken.get(taken.size() - 1)).startsWith("update ").contains("FINISHED");
    }

    /** The items that were set aside. */
    private List<String> aside() throws Exception {
        List<String> items = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder.resolve("spool/aside"))) {
            for (Path item : all.toList()) {
                assertThat(item.resolve("reason.txt")).isNotEmptyFile();
                assertThat(item.resolve("run.json")).content().contains("\"summary\"");
                items.add(Files.readString(item.resolve("operation.json")).strip());
            }
        }
        return items;
    }

    private void assertAside() throws Exception {
        assertThat(aside())
                .hasSize(6)
                .anyMatch(item -> item.contains("\"metrics\"") && item.contains("\"bad\"") && !item.contains("m3"))
                .anyMatch(item -> item.contains("bad.param") && !item.contains("\"p\""))
                .anyMatch(item -> item.contains("bad.tag") && !item.contains("\"t\""))
                .anyMatch(item -> item.contains("\"datasets\"") && !item.contains("d1"))
                .anyMatch(item -> item.contains("bad.txt"))
                .anyMatch(item -> item.contains("a/../b.txt"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 500, 503})
    void toldAtOnceEverythingElseArrives(int error) throws Exception {
        try (RefusingServer server = RefusingServer.start(error);
                Tracker tracker = tracker(server.address())) {
            try (TrackedRun run = tracker.run(spec(Map.of(), Map.of()))) {
                write(run);
                assertThat(run.spooled()).isFalse();
            }
            assertTaken(server);
            assertAside();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 500, 503})
    void deliveredLaterEverythingElseArrives(int error) throws Exception {
        try (Tracker away = tracker(MlflowServer.of("http://127.0.0.1:1", Map.of()));
                TrackedRun run = away.run(spec(Map.of(), Map.of()))) {
            write(run);
        }
        try (RefusingServer server = RefusingServer.start(error);
                Mlflow mlflow = Mlflow.connect(server.address(), ONE_TRY)) {
            Spool spool = new Spool(folder.resolve("spool"));
            Delivery delivery = new Deliverer(mlflow, spool, true).deliver();
            assertThat(delivery.waiting()).isZero();
            assertThat(delivery.aside()).hasSize(6);
            // The table, the results, the note and the end.
            assertThat(delivery.delivered()).isEqualTo(4);
            assertThat(delivery.problems()).doesNotHaveDuplicates();
            assertTaken(server);
            assertAside();
            assertThat(spool.isEmpty()).isTrue();
            try (Stream<Path> kept = Files.walk(folder.resolve("spool/aside"))) {
                assertThat(kept.filter(file -> file.getFileName().toString().startsWith("file-")))
                        .hasSize(2)
                        .allSatisfy(file -> assertThat(file).hasContent("content of the file"));
            }
        }
    }

    @Test
    void aRefusedPartOfTheSpecificationHidesNothing() throws Exception {
        try (RefusingServer server = RefusingServer.start();
                Tracker tracker = tracker(server.address());
                TrackedRun run = tracker.run(spec(Map.of("bad", "1", "good", "2"), Map.of("worse bad", "3")))) {
            run.end(RunStatus.FINISHED);
            assertThat(run.spooled()).isFalse();
            assertThat(server.taken()).anyMatch(call -> call.contains("\"good\""));
            assertThat(server.taken().get(server.taken().size() - 1)).contains("FINISHED");
            assertThat(aside()).hasSize(2);
        }
    }

    /** A run on which the server itself fails waits; it may be the server's trouble after all. */
    @Test
    void aRunOnWhichTheServerFailsHoldsBackNoOther() throws Exception {
        try (Tracker away = tracker(MlflowServer.of("http://127.0.0.1:1", Map.of()))) {
            for (String study : List.of("bad", "good")) {
                try (TrackedRun run =
                        away.run(new RunSpec("x", new RunKey(study, "", "summary"), "n", Map.of(), Map.of()))) {
                    run.note("of the study " + study);
                    run.end(RunStatus.FINISHED);
                }
            }
        }
        try (RefusingServer server = RefusingServer.start(500);
                Mlflow mlflow = Mlflow.connect(server.address(), ONE_TRY)) {
            Delivery delivery = new Deliverer(mlflow, new Spool(folder.resolve("spool")), true).deliver();
            assertThat(delivery.delivered()).isEqualTo(2);
            assertThat(delivery.waiting()).isEqualTo(3);
            assertThat(delivery.aside()).isEmpty();
            assertThat(delivery.problems()).singleElement().asString().contains("answers 500");
            assertThat(server.taken()).hasSize(2).anyMatch(call -> call.contains("of the study good"));
        }
    }

    /** Nothing is set aside because of a server that is broken for everybody. */
    @Test
    void aServerInTroubleIsNoRefusal() throws Exception {
        try (RefusingServer server = RefusingServer.start(500);
                Tracker tracker = tracker(server.address())) {
            RunSpec spec = new RunSpec("x", new RunKey("s", "", "summary"), "n", Map.of(), Map.of());
            try (TrackedRun run = tracker.run(spec)) {
                server.fail();
                run.note("the note");
                run.end(RunStatus.FINISHED);
                assertThat(run.spooled()).isTrue();
            }
            assertThat(folder.resolve("spool/aside")).doesNotExist();
            server.recover();
            assertThat(tracker.deliver().delivered()).isEqualTo(2);
        }
    }

    @Test
    void aSecondValueAtOneStepIsSetAside() throws Exception {
        try (RefusingServer server = RefusingServer.start();
                Tracker tracker = tracker(server.address());
                TrackedRun run = tracker.run(spec(Map.of(), Map.of()))) {
            run.metrics(List.of(
                    new MetricPoint("m", 0.5, 1),
                    new MetricPoint("m", 0.5, 1),
                    new MetricPoint("m", 0.75, 1),
                    new MetricPoint("m", 0.25, 2)));
            assertThat(server.taken())
                    .singleElement()
                    .asString()
                    .contains("0.5", "0.25")
                    .doesNotContain("0.75");
            assertThat(aside()).singleElement().asString().contains("0.75");
        }
    }

    @Test
    void artifactsThatAreNotBehindTheServerHideNothing() throws Exception {
        try (RefusingServer server = new RefusingServer("file:///elsewhere/r", 400);
                Tracker tracker = tracker(server.address());
                TrackedRun run = tracker.run(spec(Map.of(), Map.of()))) {
            run.text("results.json", "the results");
            run.note("the note");
            run.end(RunStatus.FINISHED);
            assertThat(run.spooled()).isFalse();
            assertThat(server.taken()).hasSize(2).anyMatch(call -> call.contains("the note"));
            assertThat(aside()).singleElement().asString().contains("results.json");
        }
    }
}
