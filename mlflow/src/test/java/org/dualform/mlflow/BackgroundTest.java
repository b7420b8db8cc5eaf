package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Delivery;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are told in the background: nothing is lost, in order, in few requests, however the task ends. */
@Tag("slow")
class BackgroundTest {
    private static final Runnable NOTHING = () -> {};

    @TempDir
    static Path servers;

    private static RealServer real;

    @TempDir
    Path folder;

    private String experiment = "";

    @BeforeAll
    static void start() throws Exception {
        real = RealServer.start(servers);
    }

    @AfterAll
    static void stop() throws Exception {
        if (real != null) real.close();
    }

    @BeforeEach
    void name(TestInfo info) {
        experiment = info.getDisplayName();
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    private Tracker tracker() {
        return Tracker.inBackground(real.server(), spool());
    }

    private RunSpec spec(String kind, String attempt) {
        return new RunSpec(
                experiment,
                new RunKey("study_100%", "cell", kind),
                "cell " + kind,
                Map.of("seed", "1"),
                Map.of(Tags.KIND, "curve", Tags.AIRFLOW_TASK, "cell", Tags.AIRFLOW_TRY, attempt));
    }

    private RunSpec spec(String kind) {
        return spec(kind, "1");
    }

    /** Says what an evaluation says. */
    private static void evaluated(TrackedRun run, double accuracy, double seconds) {
        run.together(() -> {
            run.metrics(
                    List.of(new MetricPoint("accuracy", accuracy, 0), new MetricPoint("loss", 1 / 0.0, 4)),
                    List.of(new MetricPoint("seconds", seconds, 0)));
            run.datasets(List.of(new DatasetUse("topics", "1", "local", "{}", null, null, "evaluation")));
            run.tags(Map.of(Tags.CONTENT_KEY, "key"));
            run.text("predictions.jsonl", "{}");
            run.table("prompts.json", new Table(List.of("id"), List.of(List.of("x"))));
            run.end(RunStatus.FINISHED);
        });
    }

    private List<String> requests() throws Exception {
        try (Stream<String> lines = Files.lines(servers.resolve("server.log"))) {
            return lines.filter(line -> line.matches(".*\"(GET|POST|PUT|DELETE) /api/.*"))
                    .map(line -> line.replaceAll(".*\"(\\w+) /api/2.0/([^? ]+).*", "$1 $2")
                            .replaceAll("(mlflow-artifacts)/.*", "$1"))
                    .toList();
        }
    }

    private List<RunView> runs() {
        try (Tracker asking = Tracker.open(real.server(), folder.resolve("other"))) {
            return asking.mlflow().runs().search(experiment, "");
        }
    }

    private RunView only() {
        assertThat(runs()).hasSize(1);
        return runs().get(0);
    }

    private void deliver() {
        try (Tracker later = Tracker.open(real.server(), folder.resolve("other"))) {
            Delivery delivery = new Deliverer(later.mlflow(), new Spool(spool()), false).deliver();
            assertThat(delivery.waiting()).isZero();
            assertThat(delivery.aside()).isEmpty();
        }
        assertThat(new Spool(spool()).isEmpty()).isTrue();
    }

    private static void assertWhole(Mlflowed run) {
        assertThat(run.view().params()).containsEntry("seed", "1");
        assertThat(run.view().metrics().get("accuracy").value()).isEqualTo(0.5);
        assertThat(run.view().metrics()).containsKey("seconds");
        assertThat(run.view().tags())
                .containsEntry("infinite.loss.4", "Infinity")
                .containsEntry(Tags.KIND, "curve")
                .containsEntry(Tags.CONTENT_KEY, "key")
                .containsEntry(Tags.LOGGED_ARTIFACTS, "[{\"path\":\"prompts.json\",\"type\":\"table\"}]");
        assertThat(run.files()).containsExactlyInAnyOrder("predictions.jsonl", "prompts.json");
    }

    private record Mlflowed(RunView view, List<String> files) {}

    private Mlflowed whole(RunView view) {
        try (Tracker asking = Tracker.open(real.server(), folder.resolve("other"))) {
            return new Mlflowed(view, asking.mlflow().artifacts().list(view, ""));
        }
    }

    @Test
    void theRunIsThereAtOnceAndAllOfItInFewRequests() throws Exception {
        int before = requests().size();
        try (Tracker tracker = tracker()) {
            TrackedRun icl = tracker.run(spec("icl"));
            assertThat(only().id()).isEqualTo(icl.id().orElseThrow());
            evaluated(icl, 0.5, 3);
            icl.close();
            try (TrackedRun training = tracker.run(spec("ft"))) {
                training.params(Map.of("learning_rate", "0.1"));
            }
            // The next step goes on with the run that training left open.
            try (TrackedRun inference = tracker.run(spec("ft"))) {
                evaluated(inference, 0.5, 3);
            }
            tracker.flush(NOTHING);
            List<String> made = requests().subList(before, requests().size());
            // Two looks of this test and one for the cell, 9 requests for each curve, and one batch of training.
            assertThat(made)
                    .as("requests")
                    .filteredOn(request -> !request.contains("experiments"))
                    .hasSizeLessThanOrEqualTo(3 + 9 + 9 + 1);
            assertThat(made).filteredOn("POST mlflow/runs/create"::equals).hasSize(2);
        }
        assertThat(runs()).hasSize(2).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertWhole(whole(run));
        });
        assertThat(new Spool(spool()).isEmpty()).isTrue();
        try (Stream<Path> left = Files.list(spool().resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anotherTryWithTheSameValuesKeepsRunPointsAndTimings() {
        for (int time = 0; time < 2; time++) {
            try (Tracker tracker = tracker();
                    TrackedRun run = tracker.run(spec("icl", "" + (time + 1)))) {
                evaluated(run, 0.5, 3 + time);
                tracker.flush(NOTHING);
            }
        }
        assertThat(only().tag(Tags.AIRFLOW_TRY)).contains("2");
        assertThat(only().metrics().get("seconds").value()).isEqualTo(3);
        assertWhole(whole(only()));
    }

    @Test
    void otherValuesSupersedeTheRun() {
        String first = "";
        for (double accuracy : List.of(0.25, 0.5)) {
            try (Tracker tracker = tracker();
                    TrackedRun run = tracker.run(spec("icl"))) {
                if (first.isEmpty()) first = run.id().orElseThrow();
                evaluated(run, accuracy, 3);
                tracker.flush(NOTHING);
            }
        }
        List<RunView> live = runs().stream().filter(run -> !run.superseded()).toList();
        assertThat(live).hasSize(1);
        assertThat(live.get(0).id()).isNotEqualTo(first);
        assertThat(live.get(0).status()).isEqualTo(RunStatus.FINISHED);
        assertWhole(whole(live.get(0)));
    }

    /** A task that is stopped closes its tracker without a flush: what it had not told waits, in order. */
    @Test
    void whatIsNotToldWhenTheTaskStopsIsDeliveredLater() {
        try (Tracker tracker = tracker()) {
            TrackedRun icl = tracker.run(spec("icl"));
            TrackedRun ft = tracker.run(spec("ft"));
            evaluated(icl, 0.5, 3);
            ft.params(Map.of("learning_rate", "0.1"));
            ft.endAtOnce(RunStatus.KILLED);
        }
        deliver();
        assertThat(runs()).hasSize(2);
        for (RunView run : runs()) {
            boolean icl = run.name().equals("cell icl");
            assertThat(run.status()).isEqualTo(icl ? RunStatus.FINISHED : RunStatus.KILLED);
            if (icl) assertWhole(whole(run));
            else assertThat(run.params()).containsEntry("learning_rate", "0.1").containsEntry("seed", "1");
        }
    }

    @Test
    void aServerThatGoesAwayMeanwhileHearsAllOfItLater() throws Exception {
        try (Tracker tracker = tracker();
                TrackedRun run = tracker.run(spec("icl"))) {
            tracker.flush(NOTHING);
            real.kill();
            evaluated(run, 0.5, 3);
            tracker.flush(NOTHING);
            assertThat(run.spooled()).isTrue();
        }
        real.up();
        assertThat(only().status()).isEqualTo(RunStatus.RUNNING);
        deliver();
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertWhole(whole(only()));
    }

    /** A process whose supervisor was killed goes on beside the next try; what it says then counts no more. */
    @Test
    void aTryThatWasTakenOverMeanwhileSaysNothingMore() {
        try (Tracker one = tracker();
                TrackedRun old = one.run(spec("icl", "1"))) {
            one.flush(NOTHING);
            try (Tracker two = Tracker.inBackground(real.server(), folder.resolve("second"));
                    TrackedRun now = two.run(spec("icl", "2"))) {
                evaluated(now, 0.5, 3);
                two.flush(NOTHING);
            }
            evaluated(old, 0.25, 4);
            old.end(RunStatus.FAILED);
            one.flush(NOTHING);
        }
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(only().metrics().get("seconds").value()).isEqualTo(3);
        assertWhole(whole(only()));
    }

    /** A maker whose clock is behind takes the place of a run that has ended: nobody says again what that one held. */
    @Test
    void theRunThatStaysGetsAllThatTheOtherHeld() {
        String first;
        try (Tracker tracker = tracker();
                TrackedRun run = tracker.run(spec("icl", "2"))) {
            evaluated(run, 0.5, 3);
            tracker.flush(NOTHING);
            first = run.id().orElseThrow();
            RunKey key = spec("icl").key();
            tracker.mlflow()
                    .api()
                    .createRun(
                            only().experimentId(),
                            "cell icl",
                            only().startTime() - 5000,
                            Map.of(Tags.RUN_KEY, key.value(), Tags.STUDY, key.study()));
        }
        try (Tracker other = Tracker.open(real.server(), folder.resolve("third"))) {
            RunView stays = other.mlflow().runs().findOrCreate(spec("icl", "1"));
            assertThat(stays.id()).isNotEqualTo(first).isEqualTo(only().id());
            assertThat(stays.tag(Tags.AIRFLOW_TRY)).contains("2");
        }
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertWhole(whole(only()));
    }

    /** All of them look before any of them makes the run. */
    @Test
    void racingMakersThatLookedAheadEndUpWithOne() throws Exception {
        int makers = 6;
        ExecutorService threads = Executors.newFixedThreadPool(makers);
        try {
            List<Tracker> trackers = IntStream.range(0, makers)
                    .mapToObj(i -> Tracker.inBackground(real.server(), folder.resolve("maker" + i)))
                    .toList();
            for (Tracker tracker : trackers)
                tracker.mlflow().runs().lookAhead(experiment, spec("icl").key());
            List<Future<?>> all = trackers.stream()
                    .<Future<?>>map(tracker -> threads.submit(() -> {
                        try (tracker;
                                TrackedRun run = tracker.run(spec("icl"))) {
                            evaluated(run, 0.5, 3);
                            tracker.flush(NOTHING);
                        }
                    }))
                    .toList();
            for (Future<?> each : all) each.get();
            for (int i = 0; i < makers; i++) {
                try (Tracker late = Tracker.open(real.server(), folder.resolve("maker" + i))) {
                    late.deliver();
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(only().status()).isEqualTo(RunStatus.FINISHED);
        assertWhole(whole(only()));
    }
}
