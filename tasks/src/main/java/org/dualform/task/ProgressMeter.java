package org.dualform.task;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.dualform.contract.Progress;
import org.jspecify.annotations.Nullable;

/** Turns the science's progress into events with the time left, and carries the wish to stop the other way. */
final class ProgressMeter implements Progress {
    private final TaskEvents events;
    private final Cancellation cancellation;
    private final LongSupplier clock;
    private @Nullable String phase;
    private long phaseStart;
    private long phaseFirst;

    ProgressMeter(TaskEvents events, Cancellation cancellation, LongSupplier nanoTime) {
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

    /** As {@code icl, 4 shots: 12 of 40 (30 %), 8 s left}. */
    static String sentence(String what, long done, long total, @Nullable Duration eta) {
        String share = total <= 0 ? "" : String.format(Locale.ROOT, " (%d %%)", 100 * done / total);
        String left = eta == null || done >= total ? "" : ", " + time(eta) + " left";
        return what + ": " + done + " of " + total + share + left;
    }

    /** As {@code 8 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String time(Duration duration) {
        long s = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (s < 60) return s + " s";
        if (s < 3600) return s / 60 + " min " + s % 60 + " s";
        return s / 3600 + " h " + s % 3600 / 60 + " min";
    }
}
