package org.dualform.task.stop;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dualform.contract.CancelledException;

/**
 * The request to stop. A signal sets it, and the computation checks it between its chunks or steps.
 *
 * <p>Code that must clean up also leaves an action here. The action runs only if the computation does not reach its
 * next step in time, and so cannot clean up itself.
 */
public final class Cancellation {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Deque<Runnable> abandoned = new ConcurrentLinkedDeque<>();

    /** Asks the computation to stop, which it does at its next chunk or step. */
    public void request() {
        requested.set(true);
    }

    /**
     * Leaves an action for {@link #abandon}. It may run on another thread, and at the same time as the computation's
     * own cleaning up. It must not throw.
     */
    public void ifAbandoned(Runnable action) {
        abandoned.push(action);
    }

    /** Takes an action back, since the computation has done its work. */
    public void settled(Runnable action) {
        abandoned.remove(action);
    }

    /** Runs the actions that are left, the latest first, since the process is about to end. */
    public void abandon() {
        abandoned.forEach(Runnable::run);
    }

    public boolean requested() {
        return requested.get();
    }

    /** @throws CancelledException if the computation was asked to stop */
    public void check() {
        if (requested.get()) throw new CancelledException();
    }
}
