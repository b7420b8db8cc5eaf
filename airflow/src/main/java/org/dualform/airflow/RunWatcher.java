package org.dualform.airflow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Follows a run to its end by repeatedly asking Airflow for the states of its tasks. */
public final class RunWatcher {
    /** How long the server may be away, for a restart, before the watcher gives up. The run itself goes on. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AirflowClient client;
    private final Duration interval;
    private final Clock clock;

    public RunWatcher(AirflowClient client) {
        this(client, Duration.ofMillis(1500), Clock.systemUTC());
    }

    RunWatcher(AirflowClient client, Duration interval, Clock clock) {
        this.client = client;
        this.interval = interval;
        this.clock = clock;
    }

    /**
     * Waits until the run has finished.
     *
     * @param listener called after every look; the last time with the finished run
     * @return the run in its final state
     * @throws InterruptedException if the thread is interrupted; the run goes on
     */
    public RunProgress watch(String dagId, String runId, Consumer<RunProgress> listener) throws InterruptedException {
        Instant lastAnswer = clock.instant();
        while (true) {
            RunProgress progress = null;
            try {
                progress = look(dagId, runId);
                lastAnswer = clock.instant();
            } catch (TransientException e) {
                giveUpIfLate(lastAnswer, e);
            }
            if (progress != null) {
                listener.accept(progress);
                if (progress.run().state().isFinished()) {
                    return progress;
                }
            }
            Thread.sleep(interval.toMillis());
        }
    }

    private RunProgress look(String dagId, String runId) {
        // The run is read first: if it has finished, the tasks that are read after it are final.
        @Nullable DagRun run = client.run(dagId, runId).orElse(null);
        if (run == null) {
            throw UserException.usage("Airflow has no run " + runId + " of " + dagId + " (any more).");
        }
        return RunProgress.of(run, client.tasks(run), clock.instant());
    }

    private void giveUpIfLate(Instant lastAnswer, TransientException e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (clock.instant().isAfter(lastAnswer.plus(PATIENCE))) {
            throw e;
        }
    }
}
