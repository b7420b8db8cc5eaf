package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number with all that is needed to judge it; a metric of {@code results.json}.
 *
 * @param kind what sort of number it is
 * @param value the estimate; null when undefined, and then {@code absence} says why
 * @param n how many cases it rests on; null for costs, which are not estimates
 * @param low lower end of the 95 % interval; null without one
 * @param high upper end
 * @param interval how the interval was made
 * @param seedMin lowest value over the seeds; null unless there are several
 * @param seedMax highest value over the seeds
 * @param bandLow lower end of the 95 % band that holds at all shot counts at once; only in a summary
 * @param bandHigh upper end
 * @param p two-sided p of no difference, from the same draws as the interval; only for differences
 * @param absence why there is no value, for each method by itself; empty where there is one
 * @param cautions what to bear in mind about the value
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(
        MetricKind kind,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double value,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer n,
        @Nullable Double low,
        @Nullable Double high,
        @Nullable IntervalMethod interval,
        @JsonProperty("seed_min") @Nullable Double seedMin,
        @JsonProperty("seed_max") @Nullable Double seedMax,
        @JsonProperty("band_low") @Nullable Double bandLow,
        @JsonProperty("band_high") @Nullable Double bandHigh,
        @Nullable Double p,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Absence> absence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Caution> cautions) {

    public Metric {
        absence = List.copyOf(absence);
        cautions = List.copyOf(cautions);
    }

    /**
     * As it stands in a file. Files of earlier versions have no kind, and the sentence {@code reason} in place of absence
     * and cautions; otherwise the sentence only repeats them and is passed over.
     */
    @JsonCreator
    static Metric read(
            @JsonProperty("kind") @Nullable MetricKind kind,
            @JsonProperty("value") @Nullable Double value,
            @JsonProperty("n") @Nullable Integer n,
            @JsonProperty("low") @Nullable Double low,
            @JsonProperty("high") @Nullable Double high,
            @JsonProperty("interval") @Nullable IntervalMethod interval,
            @JsonProperty("seed_min") @Nullable Double seedMin,
            @JsonProperty("seed_max") @Nullable Double seedMax,
            @JsonProperty("band_low") @Nullable Double bandLow,
            @JsonProperty("band_high") @Nullable Double bandHigh,
            @JsonProperty("p") @Nullable Double p,
            @JsonProperty("absence") @Nullable List<Absence> absence,
            @JsonProperty("cautions") @Nullable List<Caution> cautions,
            @JsonProperty("reason") @Nullable String reason) {
        List<Absence> why = List.of();
        List<Caution> what = List.of();
        if (kind == null && reason != null) {
            if (value == null) why = List.of(new Absence.Stated(reason));
            else what = List.of(new Caution.Stated(reason));
        }
        return new Metric(
                kind == null ? MetricKind.UNSTATED : kind,
                value,
                n,
                low,
                high,
                interval,
                seedMin,
                seedMax,
                bandLow,
                bandHigh,
                p,
                absence == null ? why : absence,
                cautions == null ? what : cautions);
    }

    /** An estimate for which no interval can be given. */
    public static Metric of(MetricKind kind, double value, int n) {
        return new Metric(kind, value, n, null, null, null, null, null, null, null, null, List.of(), List.of());
    }

    /** An estimate with its interval. */
    public static Metric of(MetricKind kind, double value, int n, Interval interval) {
        return new Metric(
                kind,
                value,
                n,
                interval.low(),
                interval.high(),
                interval.method(),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    /** A measured quantity that is no estimate: seconds, tokens, a loss. */
    public static Metric cost(double value) {
        return Double.isFinite(value)
                ? new Metric(
                        MetricKind.COST,
                        value,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of())
                : noCost(new Absence.NotFinite());
    }

    /** A cost without a value. */
    public static Metric noCost(Absence why) {
        return undefined(MetricKind.COST, null, List.of(why));
    }

    /** An estimate without a value, and why. */
    public static Metric undefined(MetricKind kind, Absence... why) {
        return undefined(kind, 0, List.of(why));
    }

    /** An estimate without a value, and why. */
    public static Metric undefined(MetricKind kind, List<Absence> why) {
        return undefined(kind, 0, why);
    }

    private static Metric undefined(MetricKind kind, @Nullable Integer n, List<Absence> why) {
        return new Metric(kind, null, n, null, null, null, null, null, null, null, null, why, List.of());
    }

    /** The same with one caution more; a caution that is there already is not said twice. */
    public Metric with(Caution caution) {
        if (cautions.contains(caution)) return this;
        List<Caution> more = new ArrayList<>(cautions);
        more.add(caution);
        return new Metric(kind, value, n, low, high, interval, seedMin, seedMax, bandLow, bandHigh, p, absence, more);
    }

    /** The same with the range over the seeds. */
    public Metric withSeedRange(double min, double max) {
        return new Metric(kind, value, n, low, high, interval, min, max, bandLow, bandHigh, p, absence, cautions);
    }

    /** The same with a band that holds at all shot counts at once. */
    public Metric withBand(double bottom, double top) {
        return new Metric(kind, value, n, low, high, interval, seedMin, seedMax, bottom, top, p, absence, cautions);
    }

    /** The same with the p value of no difference. */
    public Metric withP(double probability) {
        return new Metric(
                kind,
                value,
                n,
                low,
                high,
                interval,
                seedMin,
                seedMax,
                bandLow,
                bandHigh,
                probability,
                absence,
                cautions);
    }

    /** Whether one of its cautions is of that type. */
    public boolean has(Class<? extends Caution> caution) {
        return cautions.stream().anyMatch(caution::isInstance);
    }

    /** Whether the interval lies above zero, or below it with {@code sign} −1. */
    public boolean excludesZero(int sign) {
        Double end = sign > 0 ? low : high;
        return end != null && sign * end > 0;
    }
}
