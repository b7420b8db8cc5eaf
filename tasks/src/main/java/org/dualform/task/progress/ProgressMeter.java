package org.dualform.task.progress;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.dualform.contract.Progress;
import org.dualform.task.stop.Cancellation;
import org.jspecify.annotations.Nullable;

/** Turns progress of the computation into events with the time left, and tells the computation when to stop. */
public final class ProgressMeter implements Progress {
    private final TaskEvents events;
    private final Cancellation cancellation;
    private final LongSupplier clock;
    private @Nullable String phase;
    private long phaseStart;
    private long phaseFirst;

    public ProgressMeter(TaskEvents events, Cancellation cancellation, LongSupplier nanoTime) {
        this.events = events;
        this.cancellation = cancellation;
        this.clock = nanoTime;
    }

    @Override
    public synchronized void at(String what, long done, long total) {
        cancellation.check();
        long now = clock.getAsLong();
        if (!what.equals(phase)) {
            phase = what;
            phaseStart = now;
            phaseFirst = done;
        }
        events.progress(what, done, total, eta(now, done, total));
    }

    private @Nullable Duration eta(long now, long done, long total) {
        long since = done - phaseFirst;
        if (since <= 0 || total <= done) return total <= done ? Duration.ZERO : null;
        return Duration.ofNanos((long) ((double) (now - phaseStart) / since * (total - done)));
    }
}
