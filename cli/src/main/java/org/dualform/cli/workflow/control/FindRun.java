package org.dualform.cli.workflow.control;

import java.util.List;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.base.NearestNames;
import org.dualform.contract.UserException;

/** Finds the run that a person names. */
public final class FindRun {
    private static final int LATEST = 100;
    private static final int SHOWN = 5;

    private FindRun() {}

    /** Finds a run of any DAG by its id. */
    public static DagRun byId(AirflowClient client, String runId) {
        return client.run(runId).orElseThrow(() -> unknown(client, runId));
    }

    /** Finds the run that was triggered last. */
    public static DagRun latest(AirflowClient client) {
        return client.latestRuns("~", 1).stream()
                .findFirst()
                .orElseThrow(() ->
                        UserException.usage("Airflow has no run yet. ./dualform trigger icl_shot_sweep starts one."));
    }

    private static UserException unknown(AirflowClient client, String runId) {
        List<String> ids = client.latestRuns("~", LATEST).stream()
                .map(DagRun::runId)
                .distinct()
                .toList();
        List<String> near = NearestNames.of(runId, ids);
        List<String> shown = near.isEmpty() ? ids.subList(0, Math.min(SHOWN, ids.size())) : near;
        String hint = shown.isEmpty()
                ? "it has none at all"
                : (near.isEmpty() ? "the latest are " : "did you mean ")
                        + String.join(near.isEmpty() ? ", " : " or ", shown);
        return UserException.usage("Airflow has no run " + runId + "; " + hint + ".");
    }
}
