package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.task.cell.RecordOptions;
import org.dualform.task.cell.ScoreKind;
import org.dualform.task.file.Parameters;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.store.Durable;
import org.dualform.task.study.SummariseKind;
import org.jspecify.annotations.Nullable;

/**
 * The whole chain in one process: the same tasks with the same requests as a workflow engine would send, one after the
 * other. A task that fails costs its cell what depends on it, and nothing else.
 */
public final class Chain {
    private final TaskRunner runner;
    private final Path workspace;
    private final boolean fresh;
    private final TaskEvents events;
    private final Request.@Nullable Tracking tracking;
    private final Map<String, Request> scored = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable DualformException first;

    /** Without tracking. */
    public Chain(TaskRunner runner, Path workspace, boolean fresh, TaskEvents events) {
        this(runner, workspace, fresh, events, null);
    }

    /** @param tracking where runs are written; null: nowhere */
    public Chain(
            TaskRunner runner, Path workspace, boolean fresh, TaskEvents events, Request.@Nullable Tracking tracking) {
        this.runner = runner;
        this.workspace = workspace.toAbsolutePath().normalize();
        this.fresh = fresh;
        this.events = events;
        this.tracking = tracking;
    }

    /**
     * How it went.
     *
     * @param plan of the plan task
     * @param results the file of results
     * @param outputs of summarise, by name
     * @param scored what every scored cell was scored from, by cell
     * @param failures what failed, a sentence a task
     * @param failure the first of them; null if nothing failed
     */
    public record Ended(
            Result plan,
            Path results,
            Map<String, Path> outputs,
            Map<String, Request> scored,
            List<String> failures,
            @Nullable DualformException failure) {}

    /**
     * Plans, measures every cell and summarises.
     *
     * @throws DualformException if planning or summarising fails
     */
    public Ended run(ObjectNode experiment) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set(PlanKind.EXPERIMENT, experiment);
        Result plan = task("plan", parameters, Map.of());
        if (!plan.message().isEmpty()) events.info(plan.message());
        Map<String, List<Result.Item>> expand = plan.expand() == null ? Map.of() : plan.expand();
        List<Optional<Result>> selections = new ArrayList<>();
        Map<String, Reference> inputs = new TreeMap<>();
        for (Result.Item item : expand.getOrDefault("select", List.of())) {
            Optional<Result> selection = attempt("select " + item.name(), "select", item.parameters(), Map.of());
            selection
                    .map(Result::message)
                    .filter(m -> !m.isEmpty())
                    .ifPresent(m -> events.info(item.name() + ": " + m));
            selections.add(selection);
            selection.ifPresent(done -> inputs.put(SummariseKind.SELECTION + item.id(), output(done, "selection")));
        }
        inputs.put("plan", output(plan, "plan"));
        List<Result.Item> cells = expand.getOrDefault("cells", List.of());
        ObjectNode lost = Json.mapper().createObjectNode();
        for (int i = 0; i < cells.size(); i++) {
            Result.Item cell = cells.get(i);
            events.info("Cell " + (i + 1) + " of " + cells.size() + ": " + cell.name());
            int select = cell.uses() == null ? 0 : cell.uses().getOrDefault("select", 0);
            int before = failures.size();
            cell(cell, selections.get(select))
                    .ifPresentOrElse(
                            scores -> inputs.put(SummariseKind.SCORES + cell.id(), output(scores, "scores")),
                            () -> lost.put(cell.id(), String.join(" ", failures.subList(before, failures.size()))));
        }
        ObjectNode summarise = Json.mapper().createObjectNode();
        if (!lost.isEmpty()) summarise.set(SummariseKind.FAILURES, lost);
        Result summary = task("summarise", summarise, inputs);
        Map<String, Path> files = new TreeMap<>();
        summary.outputs().forEach((name, reference) -> files.put(name, workspace.resolve(reference.path())));
        finish(output(plan, "plan"), output(summary, "results"));
        Path results = files.get("results");
        if (results == null) throw new IllegalStateException("summarise made no results");
        return new Ended(plan, results, files, new TreeMap<>(scored), List.copyOf(failures), first);
    }

    private Optional<Result> cell(Result.Item item, Optional<Result> selection) {
        Optional<Result> prompt = attempt(item.name() + ", prompt", "prompt", item.parameters(), Map.of());
        if (prompt.isEmpty()) return Optional.empty();
        Reference prompts = output(prompt.get(), "prompts");
        Map<String, Reference> made = new TreeMap<>(Map.of("prompts", prompts));
        selection.ifPresent(chosen -> made.put("selection", output(chosen, "selection")));
        attempt(item.name() + ", icl", "infer", with(item, "icl"), Map.of("prompts", prompts))
                .filter(Chain::computed)
                .ifPresent(icl -> {
                    made.put("icl", output(icl, PredictionsFile.OUTPUT));
                    records(icl).ifPresent(file -> made.put(ScoreKind.ICL_RECORDS, file));
                });
        selection
                .flatMap(chosen -> attempt(
                        item.name() + ", finetune",
                        "finetune",
                        item.parameters(),
                        Map.of("prompts", prompts, "selection", output(chosen, "selection"))))
                .filter(Chain::computed)
                .map(tuned -> {
                    records(tuned).ifPresent(file -> made.put(ScoreKind.TRAINING_RECORDS, file));
                    return tuned;
                })
                .flatMap(tuned -> attempt(
                        item.name() + ", ft",
                        "infer",
                        with(item, "ft"),
                        Map.of(
                                "prompts", prompts,
                                "update", output(tuned, "update"),
                                "training", output(tuned, "training"))))
                .filter(Chain::computed)
                .ifPresent(ft -> {
                    made.put("ft", output(ft, PredictionsFile.OUTPUT));
                    records(ft).ifPresent(file -> made.put(ScoreKind.FT_RECORDS, file));
                });
        Optional<Result> scores = attempt(item.name() + ", score", "score", item.parameters(), made);
        if (scores.isPresent()) scored.put(item.id(), request("score", item.parameters(), made));
        return scores;
    }

    private void finish(Reference plan, Reference results) {
        try {
            task("finish", Json.mapper().createObjectNode(), Map.of("plan", plan, "results", results));
        } catch (DualformException e) {
            failed("finish", e);
        }
    }

    private Optional<Result> attempt(String what, String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        try {
            return Optional.of(task(kind, parameters, inputs));
        } catch (DualformException e) {
            failed(what, e);
            return Optional.empty();
        }
    }

    private void failed(String what, DualformException e) {
        String sentence = what + " failed: " + e.getMessage();
        events.info(sentence);
        failures.add(sentence);
        if (first == null) first = e;
    }

    private Result task(String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        return runner.run(request(kind, parameters, inputs));
    }

    private Request request(String kind, ObjectNode parameters, Map<String, Reference> inputs) {
        return new Request(Request.SCHEMA, kind, null, tracking, parameters, inputs, workspace.toString(), fresh);
    }

    private static boolean computed(Result result) {
        return result.status() != Result.Status.SKIPPED;
    }

    private static Optional<Reference> records(Result result) {
        return Optional.ofNullable(result.outputs().get(RecordOptions.OUTPUT));
    }

    private static ObjectNode with(Result.Item item, String method) {
        return item.parameters().deepCopy().put(Parameters.METHOD, method);
    }

    private static Reference output(Result result, String name) {
        Reference reference = result.outputs().get(name);
        if (reference == null) throw new IllegalStateException(result.kind() + " made no " + name);
        return reference;
    }

    /** Copies a finished file out of the workspace; whoever reads the copy sees it whole. */
    public static void export(Path file, Path target) throws IOException {
        Durable.write(target, Files.readAllBytes(file));
    }
}
