package org.dualform.score.result;

/**
 * An interval and how it was made.
 *
 * @param low lower end
 * @param high upper end
 * @param method {@code wilson}, {@code bootstrap} (seeds and examples resampled) or {@code bootstrap-examples} (examples
 *     only: the statement holds given these seeds)
 */
public record Interval(double low, double high, String method) {
    /** The same, made wide enough to hold the estimate itself. */
    public Interval including(double value) {
        return new Interval(Math.min(low, value), Math.max(high, value), method);
    }
}
