package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.contract.CancelledException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several steps as one task, with the built-in model: the same digits, what a failure costs, and going on. */
class StepGroupTest {
    private static final String TWO_CELLS = """
        {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1,2", "limit": 8}
        """;

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private @Nullable String stopAt;
    private Cancellation cancellation = new Cancellation();
    private Result plan = TaskRunner.empty("plan", Result.Status.FAILED, "");

    @BeforeEach
    void planned() throws IOException {
        ObjectNode experiment = Json.mapper().createObjectNode();
        experiment.set("experiment", Json.mapper().readTree(TWO_CELLS));
        plan = one(request("plan", experiment, Map.of()));
    }

    private Path workspace() {
        return folder.resolve("w").toAbsolutePath();
    }

    private Request request(String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        Request.Identity identity = new Request.Identity("d", "r", kind, 0, 1);
        return new Request(
                Request.SCHEMA,
                kind,
                identity,
                null,
                parameters,
                inputs,
                workspace().toString(),
                false);
    }

    private List<Result.Item> items(String list) {
        return Objects.requireNonNull(plan.expand()).getOrDefault(list, List.of());
    }

    private final class Telling implements TaskEvents {
        @Override
        public void run(String runId, String url) {}

        @Override
        public void progress(String what, long done, long total, @Nullable Duration eta) {
            if (stopAt != null && what.startsWith(stopAt)) cancellation.request();
        }

        @Override
        public void cell(String cell, String status, String message) {
            told.add(cell + " " + status + (message.isEmpty() ? "" : ": " + message));
        }

        @Override
        public void info(String line) {}
    }

    private Map<String, String> environment() {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        return Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", folder.resolve("home").toString());
    }

    private Result one(Request request) {
        try (Models models = Models.ofOneTask()) {
            return new TaskRunner(Kinds.all(environment(), 1), models, TaskEvents.none(), new Cancellation())
                    .run(request);
        }
    }

    private GroupResult.Ended group(Request request) {
        cancellation = new Cancellation();
        GroupEvents events = new GroupEvents(new Telling());
        try (Models models = Models.oneAtATime()) {
            TaskRunner runner = new TaskRunner(Kinds.all(environment(), 1), models, events, cancellation);
            return new StepGroup(request, runner, events, bug -> {
                        throw new AssertionError(bug);
                    })
                    .run();
        }
    }

    private GroupResult.Ended cell(boolean cleared, Map<String, Reference> inputs, Result.Item... cells) {
        ObjectNode parameters = Json.mapper().createObjectNode().put("cleared", cleared);
        parameters.set("cells", Json.mapper().valueToTree(List.of(cells)));
        return group(request("cell", parameters, inputs));
    }

    private Reference selection() {
        Result.Item item = items("select").get(0);
        return Objects.requireNonNull(
                one(request("select", item.parameters(), Map.of())).outputs().get("selection"));
    }

    private static List<Boolean> cached(Result result) {
        List<Boolean> cached = new ArrayList<>();
        for (JsonNode step : result.provenance().path("steps"))
            cached.add(step.path("cached").asBoolean());
        return cached;
    }

    /** The results that summarise makes of collected outputs, without times. */
    private String summary(Map<String, Reference> collected) throws IOException {
        Map<String, Reference> inputs = new TreeMap<>(collected);
        inputs.put("plan", Objects.requireNonNull(plan.outputs().get("plan")));
        Result summary = one(request("summarise", Json.mapper().createObjectNode(), inputs));
        Path results = workspace()
                .resolve(
                        Objects.requireNonNull(summary.outputs().get("results")).path());
        return ChainTest.comparable(Json.mapper().readTree(Files.readAllBytes(results)));
    }

    private String expected() throws IOException {
        return ChainTest.comparable(WholeChain.results(folder.resolve("alone"), TWO_CELLS));
    }

    @Test
    void cellsAloneAndTogetherAndTheWholeStudyGiveTheDigitsOfTheChain() throws Exception {
        Reference selection = selection();
        List<Result.Item> cells = items("cells");
        String expected = expected();
        Map<String, Reference> collected =
                new TreeMap<>(Map.of("selection." + items("select").get(0).id(), selection));
        for (Result.Item each : cells) {
            GroupResult.Ended ended = cell(false, Map.of("selection", selection), each);
            assertThat(ended.code()).isEqualTo(ExitCode.DONE);
            assertThat(ended.result().outputs().keySet()).containsExactly("scores." + each.id());
            collected.putAll(ended.result().outputs());
        }
        assertThat(summary(collected)).isEqualTo(expected);

        GroupResult.Ended both = cell(false, Map.of("selection", selection), cells.get(0), cells.get(1));
        assertThat(cached(both.result())).hasSize(10).containsOnly(true);
        assertThat(both.result().outputs().keySet())
                .containsExactly(
                        "scores." + cells.get(0).id(), "scores." + cells.get(1).id());

        folder = folder.resolve("study");
        plan = one(request("plan", experiment(), Map.of()));
        Request study = request(
                "study",
                Json.mapper().createObjectNode().put("cleared", false),
                Map.of("plan", Objects.requireNonNull(plan.outputs().get("plan"))));
        told.clear();
        GroupResult.Ended whole = group(study);
        assertThat(cached(whole.result())).hasSize(11).containsOnly(false);
        assertThat(told)
                .containsExactly(cells.get(0).id() + " done", cells.get(1).id() + " done");
        assertThat(summary(whole.result().outputs())).isEqualTo(expected);
        assertThat(cached(group(study).result())).containsOnly(true);
    }

    private static ObjectNode experiment() throws IOException {
        ObjectNode experiment = Json.mapper().createObjectNode();
        experiment.set("experiment", Json.mapper().readTree(TWO_CELLS));
        return experiment;
    }

    @Test
    void failedFineTuningLeavesTheOtherCurveAndNamesStepAndReason() throws Exception {
        Result.Item cell = items("cells").get(0);
        cell.parameters().put("tuning", "by ear");
        GroupResult.Ended ended = cell(false, Map.of("selection", selection()), cell);
        assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.result().status()).isEqualTo(Result.Status.FAILED);
        assertThat(ended.result().message())
                .startsWith("topics · seed 1, finetune failed: parameters: tuning must be a way to fine-tune");
        Reference scores = Objects.requireNonNull(ended.result().outputs().get("scores." + cell.id()));
        JsonNode rows = Json.mapper()
                .readTree(workspace().resolve(scores.path()).toFile())
                .path("rows");
        assertThat(rows.path(1).path("metrics").has("icl.accuracy")).isTrue();
        assertThat(rows.path(1)
                        .path("metrics")
                        .path("ft.accuracy")
                        .path("value")
                        .isNumber())
                .isFalse();
        assertThat(told).singleElement().asString().startsWith(cell.id() + " failed: topics · seed 1, finetune");
    }

    @Test
    void theProcessOfAFailedGroupEndsWithTheFirstFailuresCodeAndWritesWhatWasMade() throws Exception {
        Result.Item cell = items("cells").get(0);
        cell.parameters().put("tuning", "by ear");
        ObjectNode parameters = Json.mapper().createObjectNode().put("cleared", false);
        parameters.set("cells", Json.mapper().valueToTree(List.of(cell)));
        Path asked = folder.resolve("request.json");
        Path result = folder.resolve("result.json");
        Files.writeString(
                asked,
                Json.pretty(request("cell", parameters, Map.of("selection", selection()))
                        .toJson()));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        TaskMain main = new TaskMain(
                Kinds.all(environment(), 1),
                InputStream.nullInputStream(),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new Cancellation(),
                () -> {});
        int code = main.run(List.of("cell", "--request", asked.toString(), "--result", result.toString()));
        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        Result written = Result.parse(Json.mapper().readTree(result.toFile()));
        assertThat(written.status()).isEqualTo(Result.Status.FAILED);
        assertThat(written.outputs().keySet()).containsExactly("scores." + cell.id());
        String log = printed.toString(StandardCharsets.UTF_8);
        assertThat(log).contains("@dualform {\"event\":\"cell\",\"cell\":\"" + cell.id() + "\",\"status\":\"failed\"");
        assertThat(log)
                .contains("@dualform {\"event\":\"progress\",\"what\":\"icl")
                .doesNotContain("\tat ");
    }

    @Test
    void withoutTheSelectionThatItNeedsACellIsNotFineTuned() {
        GroupResult.Ended ended = cell(false, Map.of(), items("cells").get(0));
        assertThat(ended.code()).isEqualTo(ExitCode.DONE);
        assertThat(ended.result().provenance().path("steps").findValuesAsText("step"))
                .containsExactly("prompt", "infer_icl", "score");
    }

    @Test
    void whatIsFinishedIsNotComputedAgainAfterAStopAndIsAfterAClear() {
        Result.Item item = items("cells").get(0);
        Map<String, Reference> inputs = Map.of("selection", selection());
        stopAt = "fine-tuning";
        assertThatThrownBy(() -> cell(false, inputs, item)).isInstanceOf(CancelledException.class);
        stopAt = null;
        // Someone clears what had been stopped: it goes on.
        assertThat(cached(cell(true, inputs, item).result())).containsExactly(true, true, false, false, false);
        assertThat(cached(cell(false, inputs, item).result())).containsOnly(true);
        // Someone clears what had finished: all of it is computed anew.
        assertThat(cached(cell(true, inputs, item).result())).containsOnly(false);
    }

    @Test
    void aRequestWithoutItsPartsIsRefused() {
        assertThatThrownBy(() -> group(request("cell", Json.mapper().createObjectNode(), Map.of())))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cells is missing")
                .hasMessageContaining("cleared is missing");
        assertThatThrownBy(() ->
                        group(request("study", Json.mapper().createObjectNode().put("cleared", false), Map.of())))
                .isInstanceOf(UserException.class)
                .hasMessage("The request lacks the input plan.");
    }
}
