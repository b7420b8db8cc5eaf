package org.dualform.cli.workflow.control;

import java.time.Duration;
import java.util.Optional;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskState;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.TransientException;

/**
 * Cancels a run. Airflow stops the running tasks, skips the waiting ones, and lets the teardown task close the open
 * MLflow runs. The run's state is then "failed".
 */
public final class Cancelling {
    private static final long PAUSE_MILLIS = 500;

    private Cancelling() {}

    /** @return the run when it has ended, or as it is after {@code limit}; it may still run if no scheduler is there */
    public static DagRun cancel(AirflowClient client, DagRun run, Duration limit, Console console)
            throws InterruptedException {
        stopMapped(client, run);
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

    /**
     * Ends the running instances of mapped tasks one by one. When Airflow ends a run, it marks every instance of a task
     * as failed as soon as one of them runs, also those that have succeeded; a resumed run would compute these again.
     */
    private static void stopMapped(AirflowClient client, DagRun run) {
        for (TaskInstance task : client.tasks(run)) {
            if (task.state() == TaskState.RUNNING && task.key().isMapped())
                client.setTaskState(run, task.key(), TaskState.FAILED);
        }
    }

    private static Optional<DagRun> look(AirflowClient client, DagRun run) {
        try {
            return client.run(run.dagId(), run.runId());
        } catch (TransientException e) {
            return Optional.empty();
        }
    }
}
