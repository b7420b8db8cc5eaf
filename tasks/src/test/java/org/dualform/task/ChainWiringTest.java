package org.dualform.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.task.progress.TaskEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests which tasks the chain requests, with which inputs, and which it leaves out when one fails. No task computes
 * anything.
 */
class ChainWiringTest {
    private static final Path WORKSPACE = Path.of("/w");
    /** What the kinds really make, records included; written here by hand. */
    private static final Map<String, List<String>> OUTPUTS = Map.of(
            "plan", List.of("plan"),
            "select", List.of("selection"),
            "prompt", List.of("prompts"),
            "infer", List.of("predictions", "records"),
            "finetune", List.of("update", "training", "records"),
            "score", List.of("scores"),
            "summarise", List.of("results", "examples"),
            "finish", List.of());

    private final List<String> told = new ArrayList<>();
    /** Every request by the name of its task, in the order asked. */
    private final Map<String, Request> asked = new LinkedHashMap<>();

    private final Set<String> failing = new TreeSet<>();
    private final Set<String> skipped = new TreeSet<>();
    private Set<String> unmade = Set.of();

    private Chain.Ended run() {
        TaskEvents events = new TaskEvents() {
            @Override
            public void run(String runId, String url) {}

            @Override
            public void progress(String what, long done, long total, @Nullable Duration eta) {}

            @Override
            public void info(String line) {
                told.add(line);
            }
        };
        return new Chain(this::answer, WORKSPACE, false, events).run(object("what", "to measure"));
    }

    private Result answer(Request request) {
        String task = name(request);
        asked.put(task, request);
        if (failing.contains(task)) throw UserException.data(task + " broke.");
        boolean skips = skipped.contains(task);
        Map<String, Reference> outputs = new TreeMap<>();
        for (String output : OUTPUTS.get(request.kind())) {
            if (!skips && !unmade.contains(output)) outputs.put(output, file(task, output));
        }
        Result.Status status = skips ? Result.Status.SKIPPED : Result.Status.DONE;
        Map<String, List<Result.Item>> expand = request.kind().equals("plan") ? items() : null;
        String message = "message of " + task;
        return new Result(
                1, request.kind(), status, false, null, outputs, expand, new HashMap<>(), object("a", "b"), message);
    }

    /** Two selections; the first cell uses the second of them. */
    private static Map<String, List<Result.Item>> items() {
        return Map.of(
                "select",
                List.of(
                        new Result.Item("s0", "sentiment", object("id", "s0"), null, null),
                        new Result.Item("s1", "topics", object("id", "s1"), null, null)),
                "cells",
                List.of(
                        new Result.Item("c0", "topics · seed 1", object("id", "c0"), Map.of("select", 1), 5L),
                        new Result.Item("c1", "sentiment · seed 1", object("id", "c1"), Map.of("select", 0), 5L)));
    }

    private static String name(Request request) {
        JsonNode parameters = request.parameters();
        return request.kind()
                + (parameters.has("method") ? " " + parameters.path("method").asText() : "")
                + (parameters.has("id") ? " " + parameters.path("id").asText() : "");
    }

    private static Reference file(String task, String output) {
        return new Reference("workspace:" + task.replace(' ', '/') + "/" + output, "0".repeat(64), 1);
    }

    private static ObjectNode object(String name, String value) {
        return Json.mapper().createObjectNode().put(name, value);
    }

    /** The inputs of a task: the input's name and the task and output that it comes from. */
    private Map<String, String> inputs(String task) {
        Map<String, String> inputs = new TreeMap<>();
        Request request = asked.get(task);
        assertThat(request).as(task + " among " + asked.keySet()).isNotNull();
        request.inputs()
                .forEach((name, reference) -> inputs.put(name, reference.path().replace('/', ' ')));
        return inputs;
    }

    @Test
    void everyTaskIsAskedForInOrder() {
        assertThat(run().failures()).isEmpty();
        assertThat(asked.keySet())
                .containsExactly(
                        "plan",
                        "select s0",
                        "select s1",
                        "prompt c0",
                        "infer icl c0",
                        "finetune c0",
                        "infer ft c0",
                        "score c0",
                        "prompt c1",
                        "infer icl c1",
                        "finetune c1",
                        "infer ft c1",
                        "score c1",
                        "summarise",
                        "finish");
        assertThat(asked.values()).allSatisfy(request -> {
            assertThat(request.workspace()).isEqualTo("/w");
            assertThat(request.fresh()).isFalse();
            assertThat(request.tracking()).isNull();
        });
        assertThat(asked.get("plan").parameters().path("experiment")).isEqualTo(object("what", "to measure"));
    }

    @Test
    void everyTaskReadsWhatItNeeds() {
        Chain.Ended ended = run();
        assertThat(inputs("plan")).isEmpty();
        assertThat(inputs("select s0")).isEmpty();
        assertThat(inputs("prompt c0")).isEmpty();
        assertThat(inputs("infer icl c0")).isEqualTo(Map.of("prompts", "prompt c0 prompts"));
        assertThat(inputs("finetune c0"))
                .isEqualTo(Map.of("prompts", "prompt c0 prompts", "selection", "select s1 selection"));
        assertThat(inputs("finetune c1")).containsEntry("selection", "select s0 selection");
        assertThat(inputs("infer ft c0"))
                .isEqualTo(Map.of(
                        "prompts", "prompt c0 prompts",
                        "icl", "infer icl c0 predictions",
                        "update", "finetune c0 update",
                        "training", "finetune c0 training"));
        Map<String, String> scored = Map.of(
                "prompts", "prompt c0 prompts",
                "selection", "select s1 selection",
                "icl", "infer icl c0 predictions",
                "ft", "infer ft c0 predictions",
                "icl_records", "infer icl c0 records",
                "ft_records", "infer ft c0 records",
                "training_records", "finetune c0 records");
        assertThat(inputs("score c0")).isEqualTo(scored);
        assertThat(inputs("summarise"))
                .isEqualTo(Map.of(
                        "plan", "plan plan",
                        "selection.s0", "select s0 selection",
                        "selection.s1", "select s1 selection",
                        "scores.c0", "score c0 scores",
                        "scores.c1", "score c1 scores"));
        assertThat(inputs("finish")).isEqualTo(Map.of("plan", "plan plan", "results", "summarise results"));
        assertThat(ended.scored()).isEqualTo(Map.of("c0", asked.get("score c0"), "c1", asked.get("score c1")));
        assertThat(ended.outputs())
                .isEqualTo(Map.of(
                        "results", WORKSPACE.resolve("summarise/results"),
                        "examples", WORKSPACE.resolve("summarise/examples")));
    }

    @Test
    void whatPeopleAreToldIsThePlanTheSelectionsAndTheCells() {
        run();
        assertThat(told)
                .containsExactly(
                        "message of plan",
                        "sentiment: message of select s0",
                        "topics: message of select s1",
                        "Cell 1 of 2: topics · seed 1",
                        "Cell 2 of 2: sentiment · seed 1");
    }

    @Test
    void withoutRecordsThereAreNoneToScore() {
        unmade = Set.of("records");
        run();
        assertThat(inputs("score c0").keySet()).containsExactly("ft", "icl", "prompts", "selection");
    }

    @Test
    void aFailedSelectionCostsTheFineTuningOfItsOwnCell() {
        failing.add("select s1");
        Chain.Ended ended = run();
        assertThat(asked.keySet())
                .contains("infer icl c0", "score c0", "finetune c1", "infer ft c1")
                .doesNotContain("finetune c0", "infer ft c0");
        assertThat(inputs("score c0").keySet()).containsExactly("icl", "icl_records", "prompts");
        assertThat(inputs("summarise").keySet()).containsExactly("plan", "scores.c0", "scores.c1", "selection.s0");
        assertThat(ended.failures()).containsExactly("select topics failed: select s1 broke.");
        assertThat(ended.failure()).hasMessage("select s1 broke.");
    }

    @Test
    void aFailedMethodLeavesTheOther() {
        failing.add("finetune c0");
        failing.add("infer icl c1");
        Chain.Ended ended = run();
        assertThat(asked.keySet()).doesNotContain("infer ft c0").contains("score c0", "infer ft c1");
        assertThat(inputs("score c0").keySet()).containsExactly("icl", "icl_records", "prompts", "selection");
        assertThat(inputs("score c1").keySet())
                .containsExactly("ft", "ft_records", "prompts", "selection", "training_records");
        assertThat(ended.failures())
                .containsExactly(
                        "topics · seed 1, finetune failed: finetune c0 broke.",
                        "sentiment · seed 1, icl failed: infer icl c1 broke.");
        assertThat(asked.get("summarise").parameters().isEmpty()).isTrue();
    }

    @Test
    void aLostCellSaysWhatItWasLostBy() {
        failing.addAll(Set.of("prompt c0", "infer ft c1", "score c1"));
        run();
        assertThat(asked.keySet()).noneMatch(task -> task.endsWith("c0") && !task.startsWith("prompt"));
        assertThat(inputs("summarise").keySet()).containsExactly("plan", "selection.s0", "selection.s1");
        assertThat(asked.get("summarise").parameters().path("failures"))
                .isEqualTo(object("c0", "topics · seed 1, prompt failed: prompt c0 broke.")
                        .put(
                                "c1",
                                "sentiment · seed 1, ft failed: infer ft c1 broke. "
                                        + "sentiment · seed 1, score failed: score c1 broke."));
        assertThat(asked).containsKey("finish");
    }

    @Test
    void aSkippedMethodIsNoFailure() {
        skipped.addAll(Set.of("finetune c0", "infer icl c1"));
        assertThat(run().failures()).isEmpty();
        assertThat(asked).doesNotContainKey("infer ft c0");
        assertThat(inputs("score c0").keySet()).doesNotContain("ft", "training_records");
        assertThat(inputs("score c1").keySet()).doesNotContain("icl", "icl_records");
    }

    @Test
    void withoutAPlanOrASummaryThereIsNothing() {
        failing.add("summarise");
        assertThatThrownBy(this::run).isInstanceOf(UserException.class).hasMessage("summarise broke.");
        assertThat(asked).doesNotContainKey("finish");
        asked.clear();
        failing.add("plan");
        assertThatThrownBy(this::run).isInstanceOf(UserException.class).hasMessage("plan broke.");
        assertThat(asked).hasSize(1);
    }

    @Test
    void anIncompleteStudyIsAFailureWithResults() {
        failing.add("finish");
        Chain.Ended ended = run();
        assertThat(ended.failures()).containsExactly("finish failed: finish broke.");
        assertThat(ended.results()).isEqualTo(WORKSPACE.resolve("summarise/results"));
    }

    @Test
    void aTaskThatLeavesOutWhatTheNextNeedsIsAMistakeOfOurs() {
        unmade = Set.of("training");
        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessage("finetune made no training");
    }
}
