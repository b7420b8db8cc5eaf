package org.dualform.score.metric;

/**
 * An interval and how it was made. Its level is 95 %.
 *
 * @param low lower end
 * @param high upper end
 * @param method how it was made
 */
public record Interval(double low, double high, IntervalMethod method) {
    /** The same interval, widened if need be until it holds {@code value}. */
    public Interval including(double value) {
        return new Interval(Math.min(low, value), Math.max(high, value), method);
    }
}
