package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.contract.chain.ChainFile;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Stage;
import org.dualform.contract.chain.Step;
import org.dualform.task.file.PlanFile;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.store.StorageErrors;

/**
 * The kinds {@code cell} and {@code study}: several steps of the chain as one task. {@code cell} runs the steps of one
 * cell, or of several cells one after the other. {@code study} runs every step between {@code plan} and {@code
 * summarise}. Each step has its own content key, result and run, as if it were a task of its own.
 *
 * <pre>{@code
 * GroupResult.Ended ended = new StepGroup(request, runner, events, bug -> {}).run();
 * }</pre>
 */
final class StepGroup implements StepRunner.Onlooker {
    /** The kinds of these tasks. */
    static final Set<String> KINDS = Set.of("cell", "study");

    private static final String SELECTION = "selection";

    /**
     * What a task of cells is told.
     *
     * @param cells the cells as the plan lists them; all of them read the same selection
     * @param cleared whether someone cleared the task
     */
    private record CellParameters(List<Result.Item> cells, boolean cleared) {}

    /** What a task of a whole study is told. Its cells are those of its input {@code plan}. */
    private record StudyParameters(boolean cleared) {}

    private final Request whole;
    private final TaskRunner runner;
    private final GroupEvents events;
    private final Consumer<Throwable> bugs;
    private final ChainRequests requests;
    private final StepRunner steps;
    private final GroupResult made;
    private boolean anew;

    /**
     * @param whole the request of the task
     * @param runner runs each step
     * @param bugs gets what a step threw that nobody foresaw; the steps that do not need that step go on
     */
    StepGroup(Request whole, TaskRunner runner, GroupEvents events, Consumer<Throwable> bugs) {
        this.whole = whole;
        this.runner = runner;
        this.events = events;
        this.bugs = bugs;
        this.requests = new ChainRequests(ChainFile.read(), Path.of(whole.workspace()), whole.fresh());
        this.steps = new StepRunner(step -> runner.run(step.asPartOf(whole, anew)), requests, this);
        this.made = new GroupResult(whole.kind(), requests.chain());
    }

    /**
     * Runs the steps. Those that failed are named in the result; what the others made is among its outputs.
     *
     * @throws org.dualform.contract.CancelledException if it was asked to stop
     */
    GroupResult.Ended run() {
        Path root = Path.of(whole.workspace());
        if (!root.isAbsolute())
            throw UserException.usage("workspace must be an absolute path (value: " + whole.workspace() + ").");
        GroupMark mark = GroupMark.of(whole);
        try {
            boolean cleared = expand();
            boolean finished = mark.remove();
            anew = cleared && finished;
            for (Stage stage : requests.chain().stages()) run(stage);
            if (steps.failures().isEmpty()) mark.set();
        } catch (IOException e) {
            throw StorageErrors.explain(e, root);
        }
        return made.ended(steps.failures());
    }

    /** Reads the cells, and returns whether the task was cleared. */
    private boolean expand() {
        if (whole.kind().equals("study")) {
            StudyParameters parameters = ParameterReader.read(StudyParameters.class, whole.parameters());
            PlanFile plan = runner.read(whole, PlanFile.OUTPUT, PlanFile::read);
            requests.expand(Map.of(list(Scope.SELECT), plan.select(), list(Scope.CELL), plan.cells()));
            return parameters.cleared();
        }
        CellParameters parameters = ParameterReader.read(CellParameters.class, whole.parameters());
        Result.Item selection = requests.study(whole.parameters().objectNode());
        List<Result.Item> cells = new ArrayList<>();
        for (Result.Item cell : parameters.cells()) cells.add(reading(cell));
        requests.expand(Map.of(list(Scope.SELECT), List.of(selection), list(Scope.CELL), cells));
        Optional.ofNullable(whole.inputs().get(SELECTION)).ifPresent(given -> keep(selection, given));
        return parameters.cleared();
    }

    private String list(Scope scope) {
        return requests.chain().lists().getOrDefault(scope, "");
    }

    /** The cell, with the only selection of the request in place of the plan's. */
    private static Result.Item reading(Result.Item cell) {
        Map<String, Integer> uses = cell.uses() == null
                ? null
                : cell.uses().keySet().stream().collect(Collectors.toMap(step -> step, step -> 0));
        return new Result.Item(cell.id(), cell.name(), cell.parameters(), uses, cell.cost());
    }

    /** Keeps the selection that the caller made as the result of its step. */
    private void keep(Result.Item item, Reference given) {
        Step select = requests.chain().steps().stream()
                .filter(step -> step.scope() == Scope.SELECT)
                .findFirst()
                .orElseThrow();
        ObjectNode nothing = whole.parameters().objectNode();
        requests.keep(
                select,
                item,
                new Result(
                        Request.SCHEMA,
                        select.kind(),
                        Result.Status.DONE,
                        true,
                        null,
                        Map.of(SELECTION, given),
                        null,
                        new TreeMap<>(),
                        nothing,
                        ""));
    }

    private void run(Stage stage) {
        boolean cells = stage.scope() == Scope.CELL;
        boolean selects = stage.scope() == Scope.SELECT && whole.kind().equals("study");
        if (!cells && !selects) return;
        List<Result.Item> items = requests.items(stage.scope());
        for (int i = 0; i < items.size(); i++) {
            Result.Item item = items.get(i);
            if (cells && items.size() > 1) events.info("Cell " + (i + 1) + " of " + items.size() + ": " + item.name());
            List<StepRunner.Failure> failures = steps.all(stage, item);
            if (cells) events.cell(item.id(), made.status(item, failures), GroupResult.sentences(failures));
            if (items.size() > 1) events.progress(cells ? "cells" : "selections", i + 1L, items.size(), null);
        }
    }

    @Override
    public void begins(Step step) {
        events.begins(step);
    }

    @Override
    public void done(Step step, Result.Item item, Request request, Result result) {
        events.done(step, item, request, result);
        made.add(step, item, result);
    }

    @Override
    public void failed(StepRunner.Failure failure) {
        events.info(failure.sentence());
    }

    @Override
    public boolean outlives(Throwable bug) {
        bugs.accept(bug);
        return true;
    }
}
