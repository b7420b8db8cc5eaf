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
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.contract.chain.ChainFile;
import org.dualform.contract.chain.Scope;
import org.dualform.contract.chain.Stage;
import org.dualform.contract.chain.Step;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.progress.TaskEvents;
import org.dualform.task.run.Models;
import org.dualform.task.run.TaskRunner;
import org.dualform.task.stop.Cancellation;

/**
 * The chain on workers that share nothing but an MLflow server: every task has a workspace and a home of its own, in a
 * folder of its own.
 */
final class ScatteredChain {
    private final Path folder;
    private final Request.Tracking tracking;
    private final ChainRequests requests;
    private final List<Ran> ran = new ArrayList<>();
    private String broken = "";
    private int tasks;

    /** A task that ran: its step, its request, and its result. */
    record Ran(Step step, Request request, Result result) {}

    /** @param folder where the workers' folders are made */
    ScatteredChain(Path folder, Request.Tracking tracking) {
        this.folder = folder;
        this.tracking = tracking;
        this.requests = new ChainRequests(ChainFile.read(), folder.resolve("unused"), false);
    }

    /** Lets a step fail for one item, because of an input that is not what it was. */
    void breaks(String step, int item) {
        broken = step + item;
    }

    void mends() {
        broken = "";
    }

    /** Runs all steps before the one of this name. */
    List<Ran> until(String end, ObjectNode experiment) throws IOException {
        for (Stage stage : requests.chain().stages()) {
            int items = items(stage.scope()).size();
            for (int item = 0; item < items; item++)
                for (Step step : stage.steps()) {
                    if (step.name().equals(end)) return ran;
                    run(step, item, experiment);
                }
        }
        throw new IllegalArgumentException("no step " + end);
    }

    /** Runs the steps of these names for every item. */
    List<Ran> then(String... names) throws IOException {
        for (String name : names) {
            Step step = requests.chain().step(name);
            for (int item = 0; item < items(step.scope()).size(); item++)
                run(step, item, Json.mapper().createObjectNode());
        }
        return ran;
    }

    private List<Result.Item> items(Scope scope) {
        return scope == Scope.STUDY ? List.of(requests.study(Json.mapper().createObjectNode())) : requests.items(scope);
    }

    private void run(Step step, int index, ObjectNode experiment) throws IOException {
        Result.Item item = items(step.scope()).get(index);
        ObjectNode parameters = item.parameters().deepCopy();
        if (step.kind().equals("plan")) parameters.set(PlanKind.EXPERIMENT, experiment);
        Result.Item told = new Result.Item(item.id(), item.name(), parameters, item.uses());
        Optional<Request> request = requests.of(step, told);
        if (request.isEmpty()) return;
        Path worker = Files.createDirectories(folder.resolve(tasks++ + "-" + step.name()));
        Request own = request.get().tracked(tracking).on(worker.resolve("w"), Request.Transport.MLFLOW);
        try {
            boolean breaks = broken.equals(step.name() + index);
            Result result = run(breaks ? withWrongInputs(own) : own, worker);
            requests.keep(step, item, result);
            ran.add(new Ran(step, own, result));
        } catch (UserException e) {
            if (!broken.equals(step.name() + index)) throw e;
        } finally {
            // Nothing that this worker has can be found by another.
            Files.move(worker, worker.resolveSibling("gone-" + worker.getFileName()));
        }
    }

    private static Request withWrongInputs(Request request) {
        Map<String, Reference> wrong = new TreeMap<>();
        request.inputs()
                .forEach((name, file) -> wrong.put(name, new Reference(file.uri(), "0".repeat(64), file.bytes())));
        return new Request(
                request.schema(),
                request.kind(),
                request.identity(),
                request.tracking(),
                request.parameters(),
                wrong,
                request.workspace(),
                request.transport(),
                request.fresh());
    }

    /** Runs one task on a worker with this folder. */
    static Result run(Request request, Path worker) {
        return run(request, worker, TaskEvents.none());
    }

    static Result run(Request request, Path worker, TaskEvents events) {
        Path root = Path.of(System.getProperty("dualform.root", "."));
        Map<String, String> environment = Map.of(
                "DUALFORM_MODEL_ROOTS", root.resolve("models").toString(),
                "DUALFORM_HOME", worker.resolve("home").toString());
        try (Models models = Models.ofOneTask()) {
            return new TaskRunner(Kinds.all(environment, 1), models, events, new Cancellation(), environment)
                    .run(request);
        }
    }
}
