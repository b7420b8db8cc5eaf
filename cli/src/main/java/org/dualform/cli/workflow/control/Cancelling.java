package org.dualform.cli.workflow.control;

import java.time.Duration;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunState;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;

/**
 * Ends a run. Airflow stops the running tasks, skips those that wait, and lets the teardown close the MLflow runs that are
 * open; then the run has failed.
 */
public final class Cancelling {
    private static final long PAUSE_MILLIS = 500;

    private Cancelling() {}

    /** @return the run as it is when it has ended, or after {@code limit}; then the scheduler may be away */
    public static DagRun cancel(AirflowClient client, DagRun run, Duration limit, Console console)
            throws InterruptedException {
        client.setRunState(run.dagId(), run.runId(), RunState.FAILED);
        long start = System.nanoTime();
        DagRun now = run;
        while (!now.state().isFinished()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waited.compareTo(limit) > 0) break;
            console.progress("  ending its tasks, " + waited.toSeconds() + " s");
            Thread.sleep(PAUSE_MILLIS);
            now = look(client, run).orElse(now);
        }
        console.clear();
        return now;
    }

    private static Optional<DagRun> look(AirflowClient client, DagRun run) {
        try {
            return client.run(run.dagId(), run.runId());
        } catch (TransientException e) {
            return Optional.empty();
        }
    }
}
