package org.dualform.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.cli.Ran;
import org.dualform.contract.Json;
import org.dualform.task.MlflowProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare} on two studies in a real MLflow, written there through its REST API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareCommandTest {
    private Path folder;

    private MlflowProcess mlflow;
    private String experiment;
    private String first;
    private String second;

    @BeforeAll
    void twoStudies(@TempDir Path given) throws Exception {
        folder = given;
        mlflow = MlflowProcess.start(folder);
        experiment = post("experiments/create", object().put("name", "dualform"))
                .path("experiment_id")
                .asText();
        first = study("sweep/run-1", 1_000, Map.of("icl.accuracy", 0.5, "ft.accuracy", 0.4));
        second = study("sweep/run-2", 2_000, Map.of("icl.accuracy", 0.75, "ft.accuracy", 0.25));
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (mlflow != null) mlflow.close();
    }

    @Test
    void withoutANameStudiesAreListedTheLatestFirst() {
        assertThat(compare())
                .isEqualTo(new Ran(
                        0, "finished  sweep/run-2  (mini on topics)\nfinished  sweep/run-1  (mini on topics)\n", ""));
    }

    @Test
    void studiesAreFoundByTheEndOfTheirNamesAndPutSideBySide() throws Exception {
        Path page = folder.resolve("compared.html");
        Ran ran = compare("run-1", "run-2", "--html", page);
        assertThat(ran.errors()).isEmpty();
        assertThat(ran.out())
                .startsWith("""
                        The studies have the same parameters, model and data.

                        data set  shots  study  ZSL                ICL                 FT  ICL − FT   n
                        ────────  ─────  ─────  ───  ─────────────────  ─────────────────  ────────  ──
                        topics        2    [1]    –  50.0 [37.5, 62.5]  40.0 [27.5, 52.5]         –  40
                        topics        2    [2]    –  75.0 [62.5, 87.5]  25.0 [12.5, 37.5]         –  40
                        """)
                .contains(
                        // 12.5 √2 to each side: two studies that have nothing in common
                        "Differences in points. Not paired:",
                        "topics        2  [2] − [1]    –  +25.0 [+7.3, +42.7]  −15.0 [−32.7, +2.7]         –  40, 40\n",
                        "[1] sweep/run-1 (mini, finished)\n",
                        "    summary: " + mlflow.uri() + "/#/experiments/" + experiment + "/runs/" + first,
                        "    summary: " + mlflow.uri() + "/#/experiments/" + experiment + "/runs/" + second,
                        "Side by side: " + mlflow.uri() + "/#/compare-runs?runs=%5B%22" + first + "%22%2C%22" + second)
                .endsWith("\nWritten: " + page + "\n");
        assertThat(ran.code()).isZero();
        assertThat(page).content().contains("sweep/run-1", "sweep/run-2");
    }

    @Test
    void everyNameThatNamesNoStudyOrSeveralIsToldAtOnce() {
        Ran ran = compare("run-3", "1", "n-2", "weep/run-", "");
        assertThat(ran.code()).isEqualTo(64);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors())
                .contains(
                        "There is no study 'run-3' in the experiment 'dualform'.",
                        "There is no study 'weep/run-' in the experiment 'dualform'.",
                        "'' is the end of several studies' names: sweep/run-2, sweep/run-1.")
                .doesNotContain("'n-2'", "'1'");
    }

    @Test
    void aStudyThatIsNamedTwiceIsToldSo() {
        assertThat(compare("run-1", "sweep/run-1").errors())
                .isEqualTo("The study sweep/run-1 is named more than once; name each study once.\n");
    }

    /** Both answer 40 rows of one data set; the second is right where the first is, and on ten rows more. */
    @Test
    void studiesOnTheSameRowsArePairedByTheirArtifacts() throws Exception {
        String pairs = post("experiments/create", object().put("name", "pairs"))
                .path("experiment_id")
                .asText();
        artifacts(pairs, study(pairs, "sweep/one", 3_000, Map.of("icl.accuracy", 0.5)), 20);
        artifacts(pairs, study(pairs, "sweep/two", 4_000, Map.of("icl.accuracy", 0.75)), 30);
        Ran ran = compare("one", "two", "--experiment", "pairs");
        assertThat(ran.errors()).isEmpty();
        assertThat(ran.out()).contains("Paired by row:").doesNotContain("Not paired");
        assertThat(ran.out().lines().filter(line -> line.contains("[2] − [1]")))
                .singleElement()
                .asString()
                .matches("topics +2 +\\[2] − \\[1] +– +\\+25\\.0 \\[\\+[89].*");
    }

    private void artifacts(String place, String run, int right) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < 40; row++)
            lines.append("{\"cell\":\"c\",\"shots\":2,\"row\":\"test/" + row + "\",\"gold\":1,\"icl\":"
                    + (row < right ? 1 : 0) + "}\n");
        put(place, run, "examples.jsonl", lines.toString());
        put(place, run, "results.json", """
                {"schema": 1, "spec": {}, "provenance": {"datasets": [{"name": "topics", "sha256": "abc"}]},
                 "rows": [{"cell": "c", "model": "mini", "dataset": "topics", "seed": 1, "order": 0, "arm": "main",
                           "shots": 2, "true_shots": 2, "context_tokens": 10, "template": "topics",
                           "learning_rate": null, "record_position": "predict", "status": "ok", "metrics": {}}],
                 "summary": []}
                """);
    }

    private void put(String place, String run, String name, String content) throws Exception {
        String path = place + "/" + run + "/artifacts/" + name;
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(mlflow.uri() + "/api/2.0/mlflow-artifacts/artifacts/" + path))
                .PUT(HttpRequest.BodyPublishers.ofString(content))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void anUnknownExperimentIsNamed() {
        assertThat(compare("--experiment", "other"))
                .isEqualTo(new Ran(
                        64,
                        "",
                        "MLflow at " + mlflow.uri() + " has no experiment 'other'. --experiment names another.\n"));
    }

    @Test
    void aServerThatIsDownIsToldWithTheWayToStartOne() throws Exception {
        Ran ran = Ran.apart(folder, Map.of(), "compare", "--uri", "http://127.0.0.1:9");
        assertThat(ran.code()).isEqualTo(75);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.errors())
                .contains("MLflow at http://127.0.0.1:9", "name another with --uri", "./dualform up starts one here.");
        Path run = Files.createDirectories(folder.resolve("state/run"));
        Files.writeString(run.resolve("ports.json"), "{\"mlflow\": 9, \"api-server\": 19}");
        Files.writeString(run.resolve("airflow-passwords.json"), "{}");
        Map<String, String> ours = Map.of(
                "DUALFORM_ROOT",
                folder.toString(),
                "DUALFORM_HOME",
                folder.resolve("state").toString());
        assertThat(Ran.apart(folder, ours, "compare").errors())
                .contains("It is the server of this project: ./dualform up starts it.");
    }

    private Ran compare(Object... words) {
        Object[] all = new Object[words.length + 3];
        System.arraycopy(new Object[] {"compare", "--uri", mlflow.uri()}, 0, all, 0, 3);
        System.arraycopy(words, 0, all, 3, words.length);
        return Ran.here(all);
    }

    /** A summary run with accuracies of two shots on {@code topics}. */
    private String study(String name, long start, Map<String, Double> accuracies) throws Exception {
        return study(experiment, name, start, accuracies);
    }

    private String study(String place, String name, long start, Map<String, Double> accuracies) throws Exception {
        ObjectNode run = object().put("experiment_id", place).put("start_time", start);
        run.put("run_name", name);
        run.withArray("tags").addObject().put("key", "kind").put("value", "summary");
        run.withArray("tags").addObject().put("key", "study").put("value", name);
        String id = post("runs/create", run).at("/run/info/run_id").asText();
        ObjectNode batch = object().put("run_id", id);
        batch.withArray("params").addObject().put("key", "model").put("value", "mini");
        batch.withArray("params").addObject().put("key", "datasets").put("value", "topics");
        accuracies.forEach((metric, value) -> {
            metric(batch, metric, value);
            metric(batch, metric + ".low", value - 0.125);
            metric(batch, metric + ".high", value + 0.125);
            metric(batch, metric + ".n", 40);
        });
        post("runs/log-batch", batch);
        post("runs/update", object().put("run_id", id).put("status", "FINISHED").put("end_time", start + 1));
        return id;
    }

    private static void metric(ObjectNode batch, String name, double value) {
        batch.withArray("metrics")
                .addObject()
                .put("key", "topics/" + name)
                .put("value", value)
                .put("step", 2)
                .put("timestamp", 1);
    }

    private JsonNode post(String call, ObjectNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(mlflow.uri() + "/api/2.0/mlflow/" + call))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
