package org.dualform.task.stop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns SIGTERM (a workflow engine stops the task) and SIGINT (Ctrl-C) into a clean end. In this order:
 *
 * <ol>
 *   <li>The JVM starts this class's shutdown hook. If the work is over already, the hook does nothing.
 *   <li>The hook calls {@link Cancellation#request}.
 *   <li>The computation calls {@link Cancellation#check} at every report of progress, between two chunks of queries or two
 *       training steps. That call now throws a {@link org.dualform.contract.CancelledException}.
 *   <li>On the exception's way up, the workspace deletes what the task has written so far and gives back its lock, and the
 *       task's tracking ends its MLflow run as KILLED. No result file is written.
 *   <li>The main thread calls {@link #finish}. If that takes more than two seconds, the computation sits in one long native
 *       call: the hook then calls {@link Cancellation#abandon}, which ends the MLflow run and deletes the task's files in its
 *       place. The operating system drops the lock.
 *   <li>The JVM ends with the signal's own exit code, 143 or 130.
 * </ol>
 *
 * <p>After SIGKILL (also sent where memory runs out) none of this happens. The operating system drops the lock, the next
 * task with the same content key deletes what was left, and the chain's last task, {@code finish}, ends the MLflow run.
 */
public final class GracefulStop {
    /** Less than the four seconds after which callers send SIGKILL. */
    private static final long PATIENCE_MILLIS = 2000;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();

    private GracefulStop() {}

    /** Installs the shutdown hook of this process. */
    public static GracefulStop install(Cancellation cancellation) {
        GracefulStop stop = new GracefulStop();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop.signalled(cancellation), "dualform-stop"));
        return stop;
    }

    private void signalled(Cancellation cancellation) {
        if (finished.getCount() == 0) return;
        stopping.set(true);
        cancellation.request();
        try {
            if (!finished.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) cancellation.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tells the hook that the work is over.
     *
     * @return false if a signal is ending the process: {@link System#exit} would then wait for the hook forever
     */
    public boolean finish() {
        finished.countDown();
        return !stopping.get();
    }
}
