package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualform.contract.DualformException;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.chain.ChainFile;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Stage;
import org.dualform.contract.chain.Step;
import org.dualform.contract.chain.Trigger;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.TaskExecutor;
import org.dualform.task.store.Durable;
import org.dualform.task.study.SummariseKind;
import org.jspecify.annotations.Nullable;

/**
 * Runs the whole chain in one process: the steps of {@code contract/chain.json}, one after the other, with the requests
 * that a workflow engine would send. If a task fails, only the tasks that depend on it are not run. Each instance
 * measures one study.
 */
public final class Chain {
    private static final String PLAN = "plan";
    private static final String SCORE = "score";
    private static final String SUMMARISE = "summarise";
    /** Kinds whose message people want to read while the study runs. What the others found is in the report. */
    private static final Set<String> TELLING = Set.of(PLAN, "select");

    private final Path workspace;
    private final TaskEvents events;
    private final ChainRequests requests;
    private final StepRunner steps;
    private final Map<String, Request> scored = new TreeMap<>();
    private boolean measuresSpeed;
    private @Nullable StudyProgress progress;
    private final ObjectNode lost = Json.mapper().createObjectNode();

    /**
     * @param executor runs each task
     * @param workspace the folder of everything that is computed
     * @param fresh compute even where a finished result of equal content exists
     */
    public Chain(TaskExecutor executor, Path workspace, boolean fresh, TaskEvents events) {
        this.workspace = workspace.toAbsolutePath().normalize();
        this.events = events;
        this.requests = new ChainRequests(ChainFile.read(), this.workspace, fresh);
        this.steps = new StepRunner(executor, requests, new Telling());
    }

    /** Has the plan measure how fast the model is on this machine, and say how long the study will take. */
    public Chain tellingTimes() {
        measuresSpeed = true;
        return this;
    }

    /**
     * The outcome of a study.
     *
     * @param plan the result of the plan task
     * @param results the file of results
     * @param outputs the outputs of summarise, by name
     * @param scored the request that each scored cell was scored with, by cell
     * @param failures the failures, one sentence for each failed task
     * @param failure the first failure; null if nothing failed
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
        for (Stage stage : requests.chain().stages()) {
            if (stage.scope() == Scope.STUDY) {
                for (Step step : stage.steps()) once(step, requests.study(parameters(step, experiment)));
            } else {
                mapped(stage);
            }
        }
        Result summary = made(SUMMARISE);
        Map<String, Path> files = new TreeMap<>();
        summary.outputs().forEach((name, reference) -> files.put(name, workspace.resolve(reference.path())));
        Path results = files.get("results");
        if (results == null) throw new IllegalStateException("summarise made no results");
        List<StepRunner.Failure> failures = steps.failures();
        return new Ended(
                made(PLAN),
                results,
                files,
                new TreeMap<>(scored),
                failures.stream().map(StepRunner.Failure::sentence).toList(),
                failures.isEmpty() ? null : failures.get(0).cause());
    }

    /** Runs all steps of a stage for its first item, then all of them for the next. */
    private void mapped(Stage stage) {
        List<Result.Item> items = requests.items(stage.scope());
        StudyProgress left = progress();
        for (int i = 0; i < items.size(); i++) {
            Result.Item item = items.get(i);
            boolean cell = stage.scope() == Scope.CELL;
            if (cell) events.info("Cell " + (i + 1) + " of " + items.size() + ": " + item.name() + left.sentence());
            left.begins();
            List<StepRunner.Failure> failures = steps.all(stage, item);
            left.ends(stage.scope(), item);
            Step last = stage.steps().get(stage.steps().size() - 1);
            if (cell && requests.done(last, item).isEmpty())
                lost.put(
                        item.id(),
                        failures.stream().map(StepRunner.Failure::sentence).collect(Collectors.joining(" ")));
        }
    }

    private StudyProgress progress() {
        StudyProgress known = progress;
        if (known != null) return known;
        StudyProgress made =
                StudyProgress.of(made(PLAN), requests.items(Scope.SELECT).size(), requests.items(Scope.CELL));
        progress = made;
        return made;
    }

    /** The parameters of a step that runs once in the study: the experiment, or the reasons why cells failed. */
    private ObjectNode parameters(Step step, ObjectNode experiment) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        if (step.kind().equals(PLAN)) {
            parameters.set(PlanKind.EXPERIMENT, experiment);
            if (measuresSpeed) parameters.put(PlanKind.MEASURE_RATE, true);
        }
        if (step.kind().equals(SUMMARISE) && !lost.isEmpty()) parameters.set(SummariseKind.FAILURES, lost);
        return parameters;
    }

    /** Runs a step of the study itself. No step can follow if one is missing that the others need. */
    private void once(Step step, Result.Item item) {
        if (step.trigger() == Trigger.TEARDOWN) steps.run(step, item);
        else steps.take(step, item);
    }

    /** Says what people want to read while the study runs. */
    private final class Telling implements StepRunner.Onlooker {
        @Override
        public void done(Step step, Result.Item item, Request request, Result result) {
            if (progress != null) progress.made(result);
            if (step.kind().equals(SCORE)) scored.put(item.id(), request);
            if (TELLING.contains(step.kind()) && !result.message().isEmpty())
                events.info((item.name().isEmpty() ? "" : item.name() + ": ") + result.message());
        }

        @Override
        public void failed(StepRunner.Failure failure) {
            events.info(failure.sentence());
        }
    }

    private Result made(String step) {
        return requests.result(step).orElseThrow(() -> new IllegalStateException("The chain ended without " + step));
    }

    /** Copies a finished file out of the workspace; whoever reads the copy sees it whole. */
    public static void export(Path file, Path target) throws IOException {
        Durable.write(target, Files.readAllBytes(file));
    }
}
