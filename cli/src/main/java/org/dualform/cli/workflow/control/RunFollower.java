package org.dualform.cli.workflow.control;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.RunWatcher;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.RunProgress;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.cli.terminal.Console;
import org.dualform.contract.DualformException;
import org.jspecify.annotations.Nullable;

/**
 * Follows a run to its end. The console shows the running tasks, the time left, the failures, and why it may be stuck.
 */
public final class RunFollower {
    /** After this time without any change, the scheduler is checked, because it may be dead. */
    private static final Duration STALLED = Duration.ofSeconds(25);

    private final AirflowClient client;
    private final Console console;

    public RunFollower(AirflowClient client, Console console) {
        this.client = client;
        this.console = console;
    }

    /** @throws InterruptedException on Ctrl-C; the run goes on */
    public RunProgress follow(DagRun run) throws InterruptedException {
        Following following = new Following();
        try {
            return new RunWatcher(client).watch(run.dagId(), run.runId(), following::look);
        } finally {
            console.clear();
        }
    }

    /** Keeps the state that was seen last and the messages that were printed. */
    private final class Following {
        private final Set<String> toldFailures = new HashSet<>();
        private final Set<String> succeeded = new HashSet<>();
        private @Nullable RunProgress last;
        private long changedAt = System.nanoTime();
        private boolean toldStall;

        void look(RunProgress now) {
            RunProgress before = last;
            if (before == null || !isSame(before, now)) {
                changedAt = System.nanoTime();
            }
            last = now;
            // The outcome of a run that has ended lists its failures with their reasons.
            if (!now.run().state().isFinished()) tellFailures(now);
            console.progress(ProgressText.of(now));
            if (System.nanoTime() - changedAt > STALLED.toNanos()) {
                askWhy(now);
                changedAt = System.nanoTime();
            }
        }

        /** A task that waited, or had succeeded, when its run was ended did not fail, though Airflow calls it failed. */
        private void tellFailures(RunProgress now) {
            for (TaskInstance task : now.failed()) {
                String attempt = task.key() + " " + task.tryNumber();
                if (!task.neverBegan() && !succeeded.contains(attempt) && toldFailures.add(attempt))
                    console.say("  failed: " + task.label());
            }
            now.succeeded().forEach(task -> succeeded.add(task.key() + " " + task.tryNumber()));
        }

        private void askWhy(RunProgress now) {
            boolean alive = schedulerLives();
            if (!alive && !toldStall) {
                console.say("  The run is stuck because Airflow's scheduler does not run. ./dualform resume "
                        + now.run().runId() + " starts it again and continues; ./dualform logs scheduler shows why.");
            }
            if (alive && toldStall) {
                console.say("  Airflow's scheduler runs again; what it had left is taken over.");
            }
            toldStall = !alive;
        }
    }

    private boolean schedulerLives() {
        try {
            return "healthy".equals(client.health().get("scheduler"));
        } catch (DualformException e) {
            // The watcher itself notices an unreachable server.
            return true;
        }
    }

    private static boolean isSame(RunProgress a, RunProgress b) {
        return a.done() == b.done()
                && a.total() == b.total()
                && a.run().state() == b.run().state()
                && a.running().equals(b.running());
    }
}
