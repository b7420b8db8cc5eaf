package org.dualform.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.ChainDescription;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Step;
import org.dualform.contract.chain.StepInput;
import org.dualform.task.run.Provenance;

/**
 * Puts together the result of a task of several steps. Its outputs are those that later tasks collect, named {@code
 * OUTPUT.ITEM}, such as {@code scores.mini-topics-s1-o0-main}.
 */
final class GroupResult {
    private final String kind;
    private final ChainDescription chain;
    private final Instant started = Clock.systemUTC().instant();
    private final Map<String, Reference> outputs = new TreeMap<>();
    private final ArrayNode steps = Json.mapper().createArrayNode();
    /** The statuses of a cell's steps, by the cell's id. */
    private final Map<String, Result.Status> statuses = new HashMap<>();

    private boolean cached = true;

    GroupResult(String kind, ChainDescription chain) {
        this.kind = kind;
        this.chain = chain;
    }

    /** How a task ended. One of several steps that failed may have outputs too. */
    record Ended(Result result, ExitCode code) {
        static Ended of(Result result) {
            return new Ended(result, result.status() == Result.Status.SKIPPED ? ExitCode.SKIP : ExitCode.DONE);
        }
    }

    /** Adds the result of a step. */
    void add(Step step, Result.Item item, Result result) {
        cached &= result.cached() || result.status() == Result.Status.SKIPPED;
        result.outputs().forEach((name, file) -> {
            if (isCollected(step, name)) outputs.put(name + "." + item.id(), file);
        });
        if (step.scope() == Scope.CELL) statuses.merge(item.id(), result.status(), GroupResult::worse);
        steps.addObject()
                .put("step", step.name())
                .put("item", item.id())
                .put("status", result.status().toString())
                .put("cached", result.cached())
                .put("key", result.provenance().path("key").asText())
                .put(
                        "seconds",
                        result.provenance().path("times").path("seconds").asDouble());
    }

    /** Whether a step of the study collects this output. */
    private boolean isCollected(Step step, String output) {
        for (Step reader : chain.steps())
            for (StepInput input : reader.inputs().values())
                if (input.collected()
                        && input.step().equals(step.name())
                        && input.output().equals(output)) return true;
        return false;
    }

    /** A step without anything to do says nothing of its cell, and one that diverged says more than one that did not. */
    private static Result.Status worse(Result.Status a, Result.Status b) {
        if (a == Result.Status.SKIPPED) return b;
        return b == Result.Status.DIVERGED ? b : a;
    }

    /** The status of a cell whose steps have run. */
    String status(Result.Item cell, List<StepRunner.Failure> failures) {
        if (!failures.isEmpty()) return Result.Status.FAILED.toString();
        return statuses.getOrDefault(cell.id(), Result.Status.SKIPPED).toString();
    }

    static String sentences(List<StepRunner.Failure> failures) {
        return failures.stream().map(StepRunner.Failure::sentence).collect(Collectors.joining("\n"));
    }

    /** The result of all steps, with the exit code of the first failure. */
    Ended ended(List<StepRunner.Failure> failures) {
        Map<String, Double> metrics = new TreeMap<>(Map.of("cells", (double) statuses.size()));
        Result result = new Result(
                Request.SCHEMA,
                kind,
                failures.isEmpty() ? overall() : Result.Status.FAILED,
                cached && failures.isEmpty(),
                null,
                outputs,
                null,
                metrics,
                provenance(),
                sentences(failures));
        return failures.isEmpty()
                ? Ended.of(result)
                : new Ended(result, failures.get(0).code());
    }

    private Result.Status overall() {
        return statuses.values().stream().reduce(GroupResult::worse).orElse(Result.Status.SKIPPED);
    }

    private ObjectNode provenance() {
        Instant finished = Clock.systemUTC().instant();
        ObjectNode node = Json.mapper().createObjectNode();
        node.set("versions", Provenance.versions());
        node.set("machine", Provenance.machine());
        node.putObject("times")
                .put("started", started.toString())
                .put("finished", finished.toString())
                .put("seconds", Duration.between(started, finished).toMillis() / 1000.0);
        node.set("steps", steps);
        return node;
    }
}
