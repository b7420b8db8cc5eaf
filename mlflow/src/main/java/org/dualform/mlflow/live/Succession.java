package org.dualform.mlflow.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.rest.LogBatch;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;

/** Replaces a run whose values turn out to be others than those to be said now. */
final class Succession {
    private final Mlflow mlflow;
    private final CurrentRun run;
    private final Path scratch;

    /** @param scratch an existing folder for files on their way */
    Succession(Mlflow mlflow, CurrentRun run, Path scratch) {
        this.mlflow = mlflow;
        this.run = run;
        this.scratch = scratch;
    }

    /** Replaces the run by an empty one. */
    RunGone replace() {
        return replace(false);
    }

    /** Replaces the run by one that holds what this one holds, except the metrics. */
    RunGone replaceAndCarry() {
        return replace(true);
    }

    private RunGone replace(boolean carry) {
        RunView old = run.view();
        // The tag takes the key away from the old run, so that the next one is made or found.
        tag(old.id(), "a later run");
        RunView next = mlflow.runs().findOrCreate(run.spec());
        if (carry) {
            mlflow.runs().carryOver(old.id(), next.id());
            mlflow.artifacts().copyAll(old, next, scratch);
        }
        tag(old.id(), next.id());
        RunStatus last = run.found().ended() ? run.found() : RunStatus.KILLED;
        mlflow.api().updateRun(old.id(), last, System.currentTimeMillis()).orThrowUnlessDeleted();
        return new RunGone("Run " + old.id() + " holds other values; run " + next.id() + " supersedes it.");
    }

    private void tag(String id, String successor) {
        LogBatch batch = new LogBatch(List.of(), List.of(), RunMessages.tags(Map.of(Tags.SUPERSEDED, successor)));
        mlflow.api().logBatch(id, batch).orThrowUnlessDeleted();
    }
}
