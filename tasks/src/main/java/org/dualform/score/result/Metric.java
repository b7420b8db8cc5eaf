package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
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
 * @param bandLow lower end of the 95 % band that holds at all shot counts at once; only in a summary
 * @param bandHigh upper end
 * @param p of the hypothesis that a difference is zero, by inverting the interval; only over examples
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
        @JsonProperty("band_low") @Nullable Double bandLow,
        @JsonProperty("band_high") @Nullable Double bandHigh,
        @Nullable Double p,
        @Nullable String reason) {

    private static final String SEPARATOR = "; ";

    /** A measured quantity that is no estimate: seconds, tokens, a loss. */
    public static Metric cost(double value) {
        return Double.isFinite(value)
                ? new Metric(value, null, null, null, null, null, null, null, null, null, null)
                : undefined(null, "not finite");
    }

    /** No value, and why. */
    public static Metric undefined(@Nullable Integer n, String reason) {
        return new Metric(null, n, null, null, null, null, null, null, null, null, reason);
    }

    /** An estimate with its interval. */
    public static Metric of(double value, int n, Interval interval) {
        return new Metric(
                value, n, interval.low(), interval.high(), interval.method(), null, null, null, null, null, null);
    }

    /** An estimate for which no interval can be given. */
    public static Metric of(double value, int n) {
        return new Metric(value, n, null, null, null, null, null, null, null, null, null);
    }

    /** The same with a caution. */
    public Metric withReason(String caution) {
        return new Metric(value, n, low, high, interval, seedMin, seedMax, bandLow, bandHigh, p, caution);
    }

    /** The same with one caution more. */
    public Metric withCaution(String caution) {
        return withReason(reason == null ? caution : reason + SEPARATOR + caution);
    }

    /** What {@code reason} is made of, each by itself. */
    public List<String> reasons() {
        return reason == null ? List.of() : List.of(reason.split(SEPARATOR, -1));
    }

    /** The same with the range over the seeds. */
    public Metric withSeedRange(double min, double max) {
        return new Metric(value, n, low, high, interval, min, max, bandLow, bandHigh, p, reason);
    }

    /** The same with a band that holds at all shot counts at once. */
    public Metric withBand(double bottom, double top) {
        return new Metric(value, n, low, high, interval, seedMin, seedMax, bottom, top, p, reason);
    }

    /** The same with the p value of no difference. */
    public Metric withP(double probability) {
        return new Metric(value, n, low, high, interval, seedMin, seedMax, bandLow, bandHigh, probability, reason);
    }

    /** Whether the interval lies above zero, or below it with {@code sign} −1. */
    public boolean excludesZero(int sign) {
        Double end = sign > 0 ? low : high;
        return end != null && sign * end > 0;
    }
}
