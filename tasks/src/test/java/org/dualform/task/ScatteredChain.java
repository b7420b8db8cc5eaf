package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Json;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
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

    /** A task that ran: its step, its request, and its result. */
    record Ran(Step step, Request request, Result result) {}

    /** @param folder where the workers' folders are made */
    ScatteredChain(Path folder, Request.Tracking tracking) {
        this.folder = folder;
        this.tracking = tracking;
        this.requests = new ChainRequests(ChainFile.read(), folder.resolve("unused"), false);
    }

    /** Runs all steps up to, and without, the one of this name; all if there is none. */
    List<Ran> until(String end, ObjectNode experiment) throws IOException {
        for (Stage stage : requests.chain().stages()) {
            List<Result.Item> items = stage.scope() == Scope.STUDY
                    ? List.of(requests.study(Json.mapper().createObjectNode()))
                    : requests.items(stage.scope());
            for (Result.Item item : items)
                for (Step step : stage.steps()) {
                    if (step.name().equals(end)) return ran;
                    run(step, item, experiment);
                }
        }
        return ran;
    }

    List<Ran> all(ObjectNode experiment) throws IOException {
        return until("", experiment);
    }

    private void run(Step step, Result.Item item, ObjectNode experiment) throws IOException {
        ObjectNode parameters = item.parameters().deepCopy();
        if (step.kind().equals("plan")) parameters.set(PlanKind.EXPERIMENT, experiment);
        Result.Item told = new Result.Item(item.id(), item.name(), parameters, item.uses());
        Optional<Request> request = requests.of(step, told);
        if (request.isEmpty()) return;
        Path worker = Files.createDirectories(folder.resolve(ran.size() + "-" + step.name()));
        Request own = request.get().tracked(tracking).on(worker.resolve("w"), Request.Transport.MLFLOW);
        Result result = run(own, worker);
        requests.keep(step, item, result);
        ran.add(new Ran(step, own, result));
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
