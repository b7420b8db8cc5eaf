package org.dualform.mlflow.live;

import java.util.List;
import java.util.Map;
import org.dualform.contract.DualformException;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;

/** The run that carries the key at present, as it was last seen. */
final class CurrentRun {
    private final Mlflow mlflow;
    private final RunSpec spec;
    private RunView view;
    private RunStatus found;
    private final RunStatus first;

    /** Whether the run is brought to RUNNING. A run that is delivered late stays as it is until it is said to end. */
    private final boolean wakes;

    CurrentRun(Mlflow mlflow, RunSpec spec, boolean wakes) {
        this.wakes = wakes;
        this.mlflow = mlflow;
        this.spec = spec;
        this.view = mlflow.runs().findOrCreate(spec);
        this.found = view.status();
        this.first = found;
    }

    RunSpec spec() {
        return spec;
    }

    RunView view() {
        return view;
    }

    String id() {
        return view.id();
    }

    /** The state in which the run was found, before it was brought to RUNNING. */
    RunStatus found() {
        return found;
    }

    /** Looks for the run of the key again, and makes it if there is none. */
    void find() {
        view = mlflow.runs().findOrCreate(spec);
    }

    /** @throws RunGone if the run has been deleted */
    void refresh() {
        view = mlflow.runs().get(view.id());
        if (view.deleted()) {
            throw deleted();
        }
    }

    /** Brings the run to RUNNING, if it is written to while its task runs. */
    void wake() {
        found = view.status();
        if (wakes && found.ended()) {
            status(RunStatus.RUNNING, 0);
        }
    }

    /** Gives a run that took the place of an ended one the state of that one, unless it has ended itself. */
    void restoreStatus() {
        if (first.ended() && !view.status().ended()) {
            status(first, System.currentTimeMillis());
        }
    }

    /** Whether the server takes a write to this run: a tag that it has is written once more. */
    boolean takesWrites() {
        Map<String, String> key = Map.of(Tags.RUN_KEY, spec.key().value());
        try {
            return mlflow.api()
                    .logBatch(view.id(), new LogBatch(List.of(), List.of(), RunMessages.tags(key)))
                    .ok();
        } catch (DualformException e) {
            return false;
        }
    }

    /** @param time milliseconds since 1970 */
    void status(RunStatus status, long time) {
        if (view.status() != status) {
            check(mlflow.api().updateRun(view.id(), status, time));
            view = view.with(Map.of(), Map.of(), status);
        }
    }

    /** Notes what has been sent, so that it is not sent again. */
    void holds(Map<String, String> params, Map<String, String> tags) {
        view = view.with(params, tags, view.status());
    }

    /** @throws RunGone if the reply says that the run has been deleted */
    void requireThere(MlflowReply reply) {
        if (reply.runDeleted()) {
            throw deleted();
        }
    }

    /** As {@link #requireThere}; any other failure is thrown, too. */
    void check(MlflowReply reply) {
        requireThere(reply);
        reply.orThrow();
    }

    private RunGone deleted() {
        return new RunGone("Run " + view.id() + " has been deleted.");
    }
}
