package org.dualform.task.stop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Turns SIGTERM and SIGINT into a clean end: the computation is asked to stop and given time to remove what is
 * unfinished. The JVM then ends with the signal's own exit code, 143 or 130.
 */
public final class GracefulStop {
    /** Under the three seconds that callers grant before they kill. */
    private static final long PATIENCE_MILLIS = 2000;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();

    private GracefulStop() {}

    /** Installs the handler for this process. */
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
            // Past this the computation sits in one long native call: what it would tidy up is done for it.
            if (!finished.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) cancellation.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that the work is over; false if the process is ending by a signal, and must not be asked to exit again. */
    public boolean finish() {
        finished.countDown();
        return !stopping.get();
    }
}
