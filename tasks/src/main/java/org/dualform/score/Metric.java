package org.dualform.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A number with all that is needed to judge it; a metric of {@code results.json}.
 *
 * @param value the estimate; null when undefined, and then {@code reason} says why
 * @param n how many cases it rests on; null for costs, which are not estimates
 * @param low lower end of the 95 % interval
 * @param high upper end
 * @param interval how the interval was made, see {@link Interval#method()}
 * @param seedMin lowest value over the seeds; only over several seeds
 * @param seedMax highest value over the seeds
 * @param reason why the value is null, or a caution
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double value,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer n,
        @Nullable Double low,
        @Nullable Double high,
        @Nullable String interval,
        @JsonProperty("seed_min") @Nullable Double seedMin,
        @JsonProperty("seed_max") @Nullable Double seedMax,
        @Nullable String reason) {

    /** A measured quantity that is no estimate: seconds, tokens, a loss. */
    public static Metric cost(double value) {
        return Double.isFinite(value)
                ? new Metric(value, null, null, null, null, null, null, null)
                : undefined(null, "not finite");
    }

    /** No value, and why. */
    public static Metric undefined(@Nullable Integer n, String reason) {
        return new Metric(null, n, null, null, null, null, null, reason);
    }

    /** An estimate with its interval. */
    public static Metric of(double value, int n, Interval interval) {
        return new Metric(value, n, interval.low(), interval.high(), interval.method(), null, null, null);
    }

    /** An estimate for which no interval can be given. */
    public static Metric of(double value, int n) {
        return new Metric(value, n, null, null, null, null, null, null);
    }

    /** The same with a caution. */
    public Metric withReason(String caution) {
        return new Metric(value, n, low, high, interval, seedMin, seedMax, caution);
    }

    /** The same with the range over the seeds. */
    public Metric withSeedRange(double min, double max) {
        return new Metric(value, n, low, high, interval, min, max, reason);
    }
}
