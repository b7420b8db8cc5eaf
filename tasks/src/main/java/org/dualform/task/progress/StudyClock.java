package org.dualform.task.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long a study will still take. Its parts (a selection, a cell) have costs in tokens; how long a token takes is learned
 * from the parts that are finished. Parts that were found finished teach nothing. Not for several threads.
 */
public final class StudyClock {
    private final LongSupplier nanoTime;
    private final double plannedRate;
    private long left;
    private long measuredTokens;
    private long measuredNanos;
    private long started;

    /**
     * @param tokens the cost of all parts
     * @param plannedRate tokens in a second as the plan measured them; 0 if it did not
     * @param nanoTime a clock in nanoseconds
     */
    public StudyClock(long tokens, double plannedRate, LongSupplier nanoTime) {
        this.left = tokens;
        this.plannedRate = plannedRate;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** A part begins. */
    public void begins() {
        started = nanoTime.getAsLong();
    }

    /**
     * The part has ended.
     *
     * @param tokens its cost
     * @param computed whether anything of it was computed now
     */
    public void ends(long tokens, boolean computed) {
        left = Math.max(0, left - tokens);
        if (!computed || tokens <= 0) return;
        measuredTokens += tokens;
        measuredNanos += nanoTime.getAsLong() - started;
    }

    /** What is left; empty while nothing is known of the speed, and when nothing is left. */
    public Optional<Duration> left() {
        if (left == 0) return Optional.empty();
        if (measuredTokens > 0)
            return Optional.of(Duration.ofNanos(Math.round((double) measuredNanos / measuredTokens * left)));
        return plannedRate > 0 ? Optional.of(Duration.ofNanos(Math.round(1e9 * left / plannedRate))) : Optional.empty();
    }
}
