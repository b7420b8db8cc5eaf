package org.dualform.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dualform.contract.Json;
import org.dualform.mlflow.server.Artifacts;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.server.Runs;
import org.dualform.mlflow.spool.Deliverer;
import org.dualform.mlflow.spool.Spool;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.mlflow.value.KeyCodec;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.StoredFile;
import org.dualform.mlflow.value.Table;
import org.dualform.mlflow.value.Tags;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;

/** Tests the facade against a real MLflow. MLflow's own Java client reads back what it wrote. */
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
        Set<String> ids = new HashSet<>();
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

    @Test
    void eightWritersAtOnceMakeOneRunEachAndLoseNothing() throws Exception {
        int writers = 8;
        int points = 1500;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        long start = System.nanoTime();
        try {
            List<Future<Boolean>> ended = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                RunSpec spec = spec("writers", "c" + writer, "icl", Map.of("writer", "" + writer));
                ended.add(threads.submit(() -> {
                    try (Tracker tracker = Tracker.open(
                                    real.server(), spool.resolve(spec.key().cell()));
                            TrackedRun run = tracker.run(spec)) {
                        run.metrics(IntStream.range(0, points)
                                .mapToObj(i -> new MetricPoint("m" + i % 3, i, i))
                                .toList());
                        run.end(RunStatus.FINISHED);
                        return run.spooled();
                    }
                }));
            }
            for (Future<Boolean> spooled : ended) {
                assertThat(spooled.get()).isFalse();
            }
        } finally {
            threads.shutdown();
        }
        System.out.printf("8 writers x %d points: %.1f s%n", points, (System.nanoTime() - start) / 1e9);
        try (Mlflow mlflow = Mlflow.connect(real.server())) {
            List<RunView> runs = mlflow.runs().search("writers", "");
            assertThat(runs).hasSize(writers);
            for (RunView run : runs) {
                assertThat(mlflow.runs().history(run.id(), "m0")).hasSize(points / 3);
            }
        }
    }

    @Test
    void racingMakersOfOneRunEndUpWithOne() throws Exception {
        int makers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(makers);
        try {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < makers; i++) {
                Path own = spool.resolve("m" + i);
                all.add(threads.submit(() -> {
                    try (Tracker tracker = Tracker.open(real.server(), own);
                            TrackedRun run = tracker.run(spec("race", "c", "icl", Map.of("a", "1")))) {
                        run.metrics(curve(0));
                        run.end(RunStatus.FINISHED);
                    }
                    return own;
                }));
            }
            // What a maker could not say on a slow machine waits in its spool, and is said now.
            try (Mlflow mlflow = Mlflow.connect(real.server())) {
                for (Future<Path> own : all) new Deliverer(mlflow, new Spool(own.get()), true).deliver();
            }
        } finally {
            threads.shutdown();
        }
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec("race", "c", "icl", Map.of("a", "1")))) {
            List<RunView> left = tracker.mlflow().runs().search("race", "");
            assertThat(left).extracting(RunView::id).containsExactly(run.id().orElseThrow());
            assertThat(left.get(0).params()).isEqualTo(Map.of("a", "1"));
            assertThat(tracker.mlflow().runs().history(left.get(0).id(), "accuracy"))
                    .hasSize(3);
        }
    }

    @Test
    void aRunDeletedUnderOurHandsIsMadeAgain() {
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec("deleted", "c", "icl", Map.of("a", "1")))) {
            run.metrics(curve(0));
            String first = run.id().orElseThrow();
            tracker.mlflow().api().deleteRun(first);
            run.tags(Map.of("later", "yes"));
            String second = run.id().orElseThrow();
            assertThat(second).isNotEqualTo(first);
            assertThat(tracker.mlflow().runs().history(second, "accuracy")).hasSize(3);
            assertThat(tracker.mlflow().runs().get(second).tag("later")).contains("yes");
        }
    }

    @Test
    void largeFilesStreamUpAndDown() throws Exception {
        Path file = spool.resolve("large.bin");
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 40; i++) {
                out.write(block);
            }
        }
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec("large", "c", "icl", Map.of()))) {
            Artifacts artifacts = tracker.mlflow().artifacts();
            RunView view = tracker.mlflow().runs().get(run.id().orElseThrow());
            long start = System.nanoTime();
            StoredFile sent = artifacts.upload(view, "transport/large.bin", file);
            long sentAt = System.nanoTime();
            artifacts.download(view, "transport/large.bin", spool.resolve("back.bin"), sent.sha256());
            System.out.printf(
                    "40 MiB up %.2f s, down %.2f s%n", (sentAt - start) / 1e9, (System.nanoTime() - sentAt) / 1e9);
            assertThat(Files.mismatch(file, spool.resolve("back.bin"))).isEqualTo(-1);
            artifacts.delete(view, "transport");
            artifacts.delete(view, "transport");
            assertThat(artifacts.list(view, "")).isEmpty();
        }
    }

    /** An address with escapes such as {@code %20} is left out: MLflow writes to one folder and lists another then. */
    @Test
    void filesArriveWhereverAnExperimentKeepsThem() throws Exception {
        List<String> places = List.of("a b/50%", "é");
        try (Tracker tracker = Tracker.open(real.server(), spool)) {
            for (String place : places) {
                String body = Json.mapper()
                        .writeValueAsString(Map.of("name", place, "artifact_location", "mlflow-artifacts:/" + place));
                tracker.mlflow()
                        .api()
                        .http()
                        .post("api/2.0/mlflow/experiments/create", body, true)
                        .orThrow();
                try (TrackedRun run = tracker.run(spec(place, "c", "icl", Map.of()))) {
                    run.text("a b/100%.txt", "hello");
                    run.end(RunStatus.FINISHED);
                    RunView view = tracker.mlflow().runs().get(run.id().orElseThrow());
                    assertThat(view.artifactUri()).startsWith("mlflow-artifacts:/" + place + "/");
                    assertThat(tracker.mlflow().artifacts().list(view, ""))
                            .as(place)
                            .containsExactly("a b/100%.txt");
                }
            }
        }
        assertThat(spool.resolve("aside")).doesNotExist();
    }

    /** Texts that MLflow would refuse as keys, and one that is too long. */
    private static final List<String> ODD_NAMES = List.of(
            "topics flip=0.5/icl.accuracy",
            "a:b",
            "a=",
            "é 𝄞",
            "/a//b/",
            "a/../b",
            "..a",
            ".",
            "",
            "\t",
            "x=".repeat(200));

    @Test
    void anyNameGoesToTheServerAndComesBack() {
        Map<String, String> params = ODD_NAMES.stream().collect(Collectors.toMap(name -> name, name -> "1"));
        Set<String> readBack = ODD_NAMES.stream().map(KeyCodec::readBack).collect(Collectors.toSet());
        assertThat(readBack).hasSameSizeAs(ODD_NAMES).containsAll(ODD_NAMES.subList(0, ODD_NAMES.size() - 1));
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec("names", "c", "icl", params))) {
            Runs runs = tracker.mlflow().runs();
            String id = run.id().orElseThrow();
            for (int time = 0; time < 2; time++) {
                run.metrics(ODD_NAMES.stream()
                        .flatMap(name -> Stream.of(new MetricPoint(name, 0.5, 1), new MetricPoint(name, 0.25, 2)))
                        .toList());
                run.tags(params);
                run.params(params);
                assertThat(runs.get(id).metrics().keySet()).isEqualTo(readBack);
                assertThat(runs.get(id).params().keySet()).isEqualTo(readBack);
                assertThat(runs.get(id).tags().keySet()).containsAll(readBack);
            }
            for (String name : runs.get(id).metrics().keySet()) {
                assertThat(runs.history(id, name))
                        .extracting(MetricPoint::value)
                        .containsExactly(0.5, 0.25);
            }
            run.metrics(ODD_NAMES.stream()
                    .map(name -> new MetricPoint(name, 0.75, 1))
                    .toList());
            assertThat(run.id()).as("other values open a new run").isNotEqualTo(Optional.of(id));
            assertThat(runs.get(run.id().orElseThrow()).params().keySet()).isEqualTo(readBack);
        }
        assertThat(spool.resolve("aside")).doesNotExist();
    }

    @Test
    void whatTheServerRefusesHidesNothing() throws Exception {
        try (Tracker tracker = Tracker.open(real.server(), spool);
                TrackedRun run = tracker.run(spec("refused", "", "summary", Map.of("a", "1")))) {
            run.datasets(List.of(
                    new DatasetUse("good", "1", "local", "{}", null, null, "evaluation"),
                    new DatasetUse("bad", "1", "local", "x".repeat(70_000), null, null, "evaluation")));
            run.text("a#b.txt", "MLflow takes no such name");
            run.text("results.json", "{}");
            run.note("the answer");
            run.end(RunStatus.FINISHED);
            assertThat(run.spooled()).isFalse();
            RunView view = tracker.mlflow().runs().get(run.id().orElseThrow());
            assertThat(view.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(view.tag(Tags.NOTE)).contains("the answer");
            assertThat(tracker.mlflow().artifacts().list(view, "")).containsExactly("results.json");
        }
        try (var aside = Files.list(spool.resolve("aside"))) {
            assertThat(aside.map(item -> item.resolve("reason.txt")))
                    .hasSize(2)
                    .allSatisfy(reason -> assertThat(reason).content().contains("MLflow refused"));
        }
    }

    @Test
    void thePageOfAStudyShowsItsOwnCurvesFirstAndControlsOnlyIfThereAreAny() throws Exception {
        try (Tracker tracker = Tracker.open(real.server(), spool)) {
            new SampleStudy(tracker, "pages", "plain").write(List.of());
            new SampleStudy(tracker, "pages", "controlled").write(SampleStudy.CONTROLS);
            JsonNode plain = view(tracker, "plain");
            assertThat(plain.findValuesAsText("name")).containsExactly("Shot curves (step = shots)");
            assertThat(plain.findValuesAsText("metricKey")).containsExactly("accuracy");
            JsonNode controlled = view(tracker, "controlled");
            assertThat(controlled.findValuesAsText("name")).containsExactly("Shot curves (step = shots)", "Controls");
            assertThat(controlled.findValuesAsText("metricKey")).containsExactly("accuracy", "control.accuracy");
            for (JsonNode chart : controlled.get("compareRunCharts")) {
                assertThat(tracker.mlflow()
                                .runs()
                                .search("pages", controlled.get("searchFilter").asText()))
                        .filteredOn(run ->
                                run.metrics().containsKey(chart.get("metricKey").asText()))
                        .extracting(run -> run.tag(Tags.CURVE).orElse(""))
                        .containsOnly(chart.get("metricKey").asText().equals("accuracy") ? "main" : "control");
            }
        }
    }

    /** The view that the link of a study opens, as MLflow keeps it. */
    private static JsonNode view(Tracker tracker, String study) throws Exception {
        String id = tracker.mlflow().experiments().find("pages").orElseThrow();
        String address = tracker.charts(id, study).toString();
        String key = address.replaceAll(".*viewStateShareKey=([^&]*).*", "$1");
        try (MlflowClient client = new MlflowClient(real.server().base().toString())) {
            return client.getExperiment(id).getTagsList().stream()
                    .filter(tag -> tag.getKey().equals("mlflow.sharedViewState." + key))
                    .map(tag -> read(tag.getValue()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
