package org.dualform.mlflow.live;

import java.util.Map;
import org.dualform.mlflow.http.MlflowReply;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;

/** The run that carries the key at present, as it was last seen. */
final class CurrentRun {
    private final Mlflow mlflow;
    private final RunSpec spec;
    private RunView view;
    private RunStatus found;

    CurrentRun(Mlflow mlflow, RunSpec spec) {
        this.mlflow = mlflow;
        this.spec = spec;
        this.view = mlflow.runs().findOrCreate(spec);
        this.found = view.status();
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

    /** Brings the run to RUNNING. */
    void wake() {
        found = view.status();
        if (found.ended()) {
            status(RunStatus.RUNNING, 0);
        }
    }

    /** Puts back the state in which the run was found, unless something has ended the run since. */
    void restoreStatus() {
        if (found.ended() && !view.status().ended()) {
            status(found, System.currentTimeMillis());
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
