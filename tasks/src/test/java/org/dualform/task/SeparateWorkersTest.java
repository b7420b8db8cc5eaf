package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests tasks whose workers have nothing in common but a real MLflow server. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeparateWorkersTest {
    private static final String EXPERIMENT = "separate-workers";
    private static final String SPEC = """
            {"model": "mini", "datasets": "topics", "shots": "0,1,2", "seeds": "1", "limit": 10, "record": true,
             "learning_rate": 0.01, "transport": "%s"}
            """;

    private Path folder;
    private MlflowProcess server;
    private WeakNetwork network;
    private Mlflow mlflow;

    /** A study up to its summary: the tasks by the names of their steps. */
    private final Map<String, ScatteredChain.Ran> base = new TreeMap<>();

    private List<String> requests = List.of();
    private long sent;
    private long received;

    @BeforeAll
    void measure(@TempDir Path temporary) throws Exception {
        folder = temporary;
        server = MlflowProcess.start(folder.resolve("mlflow"));
        network = new WeakNetwork(server.uri());
        mlflow = Mlflow.connect(MlflowServer.of(server.uri(), Map.of()));
        ScatteredChain chain = new ScatteredChain(folder.resolve("base"), tracking("base"));
        for (ScatteredChain.Ran task : chain.until("finish", spec()))
            base.put(task.step().name(), task);
        requests = network.requests();
        sent = network.sent();
        received = network.received();
    }

    @AfterEach
    void heal() throws Exception {
        network.heal();
    }

    @AfterAll
    void stop() throws Exception {
        if (mlflow != null) mlflow.close();
        if (network != null) network.close();
        if (server != null) server.close();
    }

    private static ObjectNode spec() throws IOException {
        return (ObjectNode) Json.mapper().readTree(SPEC.formatted("mlflow"));
    }

    private Request.Tracking tracking(String study) {
        return new Request.Tracking(network.uri(), EXPERIMENT, study);
    }

    /** A task of the base study once more, for another study, on a worker of its own. */
    private Request again(String step, String study, Path worker) {
        return base.get(step).request().tracked(tracking(study)).on(worker.resolve("w"), Request.Transport.MLFLOW);
    }

    private List<String> transported(String study) {
        List<String> files = new ArrayList<>();
        for (RunView run : mlflow.runs().everyOfStudy(EXPERIMENT, study))
            mlflow.artifacts().list(run, "transport").forEach(file -> files.add(run.name() + ": " + file));
        return files;
    }

    private RunView summary(String study) {
        return mlflow.runs().ofStudy(EXPERIMENT, study).stream()
                .filter(run -> run.name().startsWith("summary"))
                .findFirst()
                .orElseThrow();
    }

    /** The file behind a reference, in the server's own folder. */
    private Path stored(Reference reference) throws IOException {
        String name = reference.path().substring(reference.path().lastIndexOf('/') + 1);
        try (Stream<Path> files = Files.walk(folder.resolve("mlflow/artifacts"))) {
            return files.filter(file -> file.endsWith(name) && file.toString().contains(runOf(reference)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String runOf(Reference reference) {
        return reference.path().split("/")[1];
    }

    @Test
    void measureTheSameToTheLastDigit() throws Exception {
        JsonNode shared = WholeChain.results(folder.resolve("one"), SPEC.formatted("shared"));
        JsonNode apart = Json.mapper()
                .readTree(
                        mlflow.artifacts().text(summary("base"), "results.json").orElseThrow());
        for (String part : List.of("rows", "summary", "selection", "answers", "rates"))
            assertThat(withoutClock(apart.path(part))).as(part).isEqualTo(withoutClock(shared.path(part)));
        assertThat(base.values())
                .allSatisfy(task -> assertThat(task.result().outputs().values())
                        .allMatch(file -> file.uri().startsWith(Reference.ARTIFACTS + "/")));
        long own = requests.stream().filter(call -> call.contains("transport")).count();
        System.out.printf(
                "one cell, 8 tasks on 8 workers: %d MLflow requests, %d of them for files in transport; %d KB up, %d KB"
                        + " down%n",
                requests.size(), own, sent >> 10, received >> 10);
        assertThat(own)
                .as("one look, each file and the result, once up and once down")
                .isLessThan(60);
    }

    /** What a clock measured differs from run to run. */
    private static JsonNode withoutClock(JsonNode rows) {
        JsonNode copy = rows.deepCopy();
        for (JsonNode row : copy) {
            if (!(row.path("metrics") instanceof ObjectNode metrics)) continue;
            List<String> clocked = new ArrayList<>();
            metrics.fieldNames().forEachRemaining(name -> {
                if (name.contains("ms_per") || name.contains("seconds")) clocked.add(name);
            });
            metrics.remove(clocked);
        }
        return copy;
    }

    @Test
    void anUploadThatBreaksIsTriedAgainAndComputesNothing() throws Exception {
        Path worker = folder.resolve("breaks");
        Request request = again("infer_icl", "breaks", worker);
        network.cutsRequestsAfter(30_000);
        assertThatThrownBy(() -> ScatteredChain.run(request, worker))
                .isInstanceOfSatisfying(
                        TransientException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.TRY_AGAIN))
                .hasMessageContainingAll(
                        "Not all files of infer are on MLflow", "is kept in", "computes nothing again");
        assertThat(transported("breaks"))
                .as("the small file, and no result before every file is there")
                .singleElement()
                .asString()
                .endsWith("predictions.jsonl");

        network.heal();
        long before = network.sent();
        Result retry = ScatteredChain.run(request, worker);
        assertThat(retry.cached()).isTrue();
        assertThat(retry.outputs().values()).allMatch(file -> file.uri().startsWith(Reference.ARTIFACTS));
        assertThat(transported("breaks")).hasSize(3);
        long bytes = retry.outputs().get("records").bytes();
        assertThat(network.sent() - before)
                .as("the file that was there is not sent again, as transport")
                .isBetween(bytes, bytes + 2 * retry.outputs().get("predictions").bytes() + 30_000);
    }

    @Test
    void aServerThatIsAwayLosesNothing() throws Exception {
        Path worker = folder.resolve("away");
        Request request = again("score", "away", worker);
        ScatteredChain.run(again("score", "warm", worker), worker); // so that the inputs are here
        network.away();
        assertThatThrownBy(() -> ScatteredChain.run(request, worker)).isInstanceOf(TransientException.class);
        network.heal();
        assertThat(ScatteredChain.run(request, worker).cached()).isTrue();
        assertThat(transported("away")).hasSize(2);
    }

    @Test
    void whatOneWorkerSentIsNotComputedByAnother() throws Exception {
        Path first = folder.resolve("first");
        Result made = ScatteredChain.run(again("finetune", "twice", first), first);
        Path second = folder.resolve("second");
        Result found = ScatteredChain.run(again("finetune", "twice", second), second);
        assertThat(made.cached()).isFalse();
        assertThat(found.cached()).isTrue();
        assertThat(found.outputs()).isEqualTo(made.outputs());
        assertThat(found.metrics()).isEqualTo(made.metrics());
        assertThat(second.resolve("w/results")).doesNotExist();
    }

    @Test
    void aChangedArtifactIsRefused() throws Exception {
        Path first = folder.resolve("honest");
        Result made = ScatteredChain.run(again("prompt", "base", first), first);
        Reference prompts = made.outputs().get("prompts");
        Path file = stored(prompts);
        byte[] right = Files.readAllBytes(file);
        byte[] wrong = right.clone();
        wrong[right.length / 2] ^= 1;
        Map<String, byte[]> changes = Map.of(
                "same length", wrong,
                "shorter", Arrays.copyOf(right, right.length - 7),
                "longer", Arrays.copyOf(right, right.length + 7));
        try {
            for (Map.Entry<String, byte[]> change : changes.entrySet()) {
                Files.write(file, change.getValue(), StandardOpenOption.TRUNCATE_EXISTING);
                Path worker = folder.resolve("tampered " + change.getKey());
                assertThatThrownBy(() -> ScatteredChain.run(again("infer_icl", "tampered", worker), worker))
                        .as(change.getKey())
                        .isInstanceOfSatisfying(
                                UserException.class,
                                e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                        .hasMessageContaining("Somebody changed");
                try (Stream<Path> left = Files.walk(worker.resolve("w/inputs"))) {
                    assertThat(left.filter(Files::isRegularFile)).isEmpty();
                }
            }
        } finally {
            Files.write(file, right, StandardOpenOption.TRUNCATE_EXISTING);
        }
    }

    @Test
    void aReferenceLeadsNowhereElse() {
        Reference right = base.get("prompt").result().outputs().get("prompts");
        Path worker = folder.resolve("elsewhere");
        for (String uri : List.of(
                right.uri().replace("/transport/prompt/", "/transport/../"),
                "mlflow-artifacts://other.example" + right.path(),
                "workspace:../../../../../../etc/passwd",
                "workspace:/etc/passwd")) {
            Request request = again("infer_icl", "elsewhere", worker);
            Request forged = new Request(
                    request.schema(),
                    request.kind(),
                    null,
                    request.tracking(),
                    request.parameters(),
                    Map.of("prompts", new Reference(uri, right.sha256(), right.bytes())),
                    request.workspace(),
                    Request.Transport.MLFLOW,
                    false);
            assertThatThrownBy(() -> ScatteredChain.run(forged, worker))
                    .as(uri)
                    .isInstanceOfSatisfying(
                            UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
                    .hasMessageContaining("Input prompts");
        }
    }

    @Test
    void aDownloadGoesOnWhereItStopped() throws Exception {
        Reference update = base.get("finetune").result().outputs().get("update");
        Path worker = folder.resolve("slow");
        assertThat(update.bytes()).as("one try cannot bring it").isGreaterThan(50_000);
        network.cutsRepliesAfter(50_000);
        ScatteredChain.run(again("infer_ft", "slow", worker), worker);
        assertThat(worker.resolve("w/inputs/" + update.sha256() + "/data")).hasSize(update.bytes());
    }

    @Test
    void aTaskKilledWhileItSendsIsFinishedByItsRetry() throws Exception {
        Path worker = folder.resolve("killed");
        Request request = again("infer_icl", "killed", worker);
        Path file = Files.createDirectories(worker.resolve("w")).resolve("request.json");
        Files.writeString(file, Json.pretty(request.toJson()));
        network.holdsRequestsAfter(30_000);
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", worker.resolve("home").toString());
        Process process = new ProcessChain(worker, environment).start("infer", file, worker.resolve("result.json"));
        try {
            network.awaitHeld();
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        network.heal();
        Result retry = ScatteredChain.run(request, worker);
        assertThat(retry.cached()).isTrue();
        assertThat(transported("killed")).hasSize(3);
        assertThat(mlflow.runs().ofStudy(EXPERIMENT, "killed"))
                .singleElement()
                .extracting(RunView::status)
                .isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void anIncompleteStudyKeepsWhatAResumeReadsAndACompleteOneNothing() throws Exception {
        ScatteredChain chain = new ScatteredChain(folder.resolve("half"), tracking("half"));
        chain.breaks("score", 1);
        chain.until("finish", spec().put("seeds", "1,2"));
        assertThatThrownBy(() -> chain.then("finish")).hasMessageContaining("1 of 2 cells are missing");
        assertThat(transported("half"))
                .as("predictions and updates of the complete cell are gone, its scores stay")
                .filteredOn(file -> file.contains("seed 1"))
                .isNotEmpty()
                .allMatch(file -> file.contains("/score/"));
        assertThat(transported("half"))
                .as("what the lost cell needs stays")
                .anyMatch(file -> file.startsWith("topics icl, seed 2: transport/infer/"))
                .anyMatch(file -> file.startsWith("topics ft, seed 2: transport/finetune/"))
                .anyMatch(file -> file.contains("transport/plan/"))
                .anyMatch(file -> file.contains("transport/prompt/"));

        chain.mends();
        List<ScatteredChain.Ran> ran = chain.then("score", "summarise", "finish");
        assertThat(transported("half")).isEmpty();
        assertThat(ran.get(ran.size() - 1).result().message()).isEqualTo("All 2 cells are measured.");
        assertThat(mlflow.runs().ofStudy(EXPERIMENT, "half"))
                .extracting(RunView::status)
                .containsOnly(RunStatus.FINISHED);
        assertThat(mlflow.artifacts().list(summary("half"), "")).contains("results.json", "report.html", "plan.json");
    }

    @Test
    void withoutAServerThePlanRefusesAndTellsEveryMistake() {
        Path worker = folder.resolve("untracked");
        Request plan = base.get("plan").request();
        ObjectNode parameters = plan.parameters().deepCopy();
        ((ObjectNode) parameters.path("experiment")).put("datasets", "topiks");
        Request untracked = new Request(
                1, "plan", null, null, parameters, Map.of(), worker.toString(), Request.Transport.MLFLOW, false);
        assertThatThrownBy(() -> ScatteredChain.run(untracked, worker))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "2 mistakes", "transport: mlflow needs an MLflow server", "mlflow_conn_id", "topiks");
        Request prompt = base.get("prompt").request();
        Request alone = new Request(
                1,
                "prompt",
                null,
                null,
                prompt.parameters(),
                Map.of(),
                worker.toString(),
                Request.Transport.MLFLOW,
                false);
        assertThatThrownBy(() -> ScatteredChain.run(alone, worker))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
                .hasMessageContaining("transport: mlflow needs an MLflow server");
    }
}
