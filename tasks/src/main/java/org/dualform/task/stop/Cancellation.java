package org.dualform.task.stop;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dualform.contract.CancelledException;

/** The wish to stop, set by a signal handler and seen by the computation between its chunks or steps. */
public final class Cancellation {
    private final AtomicBoolean requested = new AtomicBoolean();
    private final Deque<Runnable> abandoned = new ConcurrentLinkedDeque<>();

    /** Asks the computation to stop; it does at its next chunk or step. */
    public void request() {
        requested.set(true);
    }

    /**
     * What to tidy up if the computation does not come to its next step in time. The action may run on another thread,
     * and beside the computation's own tidying; it must not throw.
     */
    public void ifAbandoned(Runnable action) {
        abandoned.push(action);
    }

    /** Withdraws an action: its work is done. */
    public void settled(Runnable action) {
        abandoned.remove(action);
    }

    /** The process ends now: tidies up in the computation's place. */
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
