package org.dualform.mlflow;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that talks to MLflow, so that its owner goes on meanwhile. It does one thing after the other, in order. */
final class Sender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final int MOST_WAITING = 256;
    private static final long LOOK_MILLIS = 100;

    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread sending = new Thread(work, "dualform-mlflow");
        sending.setDaemon(true);
        return sending;
    });

    /**
     * Leaves something to do. If too much waits already, this waits until some of it is done.
     *
     * @return false if it will not be done, because the sender is closed or the caller was interrupted
     */
    boolean submit(Runnable work) {
        try {
            while (!room.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (thread.isShutdown()) return false;
            }
            thread.execute(() -> take(work));
            return true;
        } catch (RejectedExecutionException e) {
            room.release();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void take(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("Tracking failed; the task goes on.", e);
        } finally {
            room.release();
        }
    }

    /**
     * Waits until everything that was left so far is done.
     *
     * @param alive called again and again meanwhile; it ends the waiting by throwing
     */
    void flush(Runnable alive) {
        try {
            Future<?> last = thread.submit(() -> {});
            while (!isDone(last)) alive.run();
        } catch (RejectedExecutionException e) {
            // Closed: nothing is done any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isDone(Future<?> work) throws InterruptedException, ExecutionException {
        try {
            work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Stops at once. What waits is not done. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
