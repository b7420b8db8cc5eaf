package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.StandardNormal;
import org.jspecify.annotations.Nullable;

/** Prompt or fine-tune: what the intervals allow us to say. */
public enum Verdict {
    /** Prompting is better: the interval of the difference lies above zero. */
    @JsonProperty("prompt")
    PROMPT,
    /** Fine-tuning is better: the interval lies below zero. */
    @JsonProperty("fine_tune")
    FINE_TUNE,
    /** The interval holds zero and lies within ±{@link #MARGIN}. */
    @JsonProperty("equivalent")
    EQUIVALENT,
    /** The interval holds zero, and larger differences as well. */
    @JsonProperty("no_difference")
    NO_DIFFERENCE,
    /** Neither is shown to beat zero-shot, so the question which is better does not arise. */
    @JsonProperty("neither_learns")
    NEITHER_LEARNS,
    /** One of them has no values. */
    @JsonProperty("not_compared")
    NOT_COMPARED;

    /** Differences up to two points do not matter to anyone who chooses. */
    public static final double MARGIN = .02;

    /** Two-sided 5 % and a power of 80 %: (z.975 + z.80) / z.975. */
    private static final double DETECTABLE = (StandardNormal.Z_975 + StandardNormal.Z_80) / StandardNormal.Z_975;

    /** @param difference prompting minus fine-tuning; the others against zero-shot */
    public static Verdict of(
            @Nullable Metric difference, @Nullable Metric promptingGain, @Nullable Metric fineTuningGain) {
        if (!hasInterval(difference) || difference == null) return NOT_COMPARED;
        boolean known = hasInterval(promptingGain) && hasInterval(fineTuningGain);
        if (known && !above(promptingGain) && !above(fineTuningGain)) return NEITHER_LEARNS;
        if (difference.excludesZero(1)) return PROMPT;
        if (difference.excludesZero(-1)) return FINE_TUNE;
        return within(difference) ? EQUIVALENT : NO_DIFFERENCE;
    }

    /** Whether the whole interval lies within ±{@link #MARGIN}. */
    public static boolean within(Metric difference) {
        Double low = difference.low();
        Double high = difference.high();
        return low != null && high != null && low >= -MARGIN && high <= MARGIN;
    }

    /** The smallest true difference that a study of this precision would find in four of five repetitions. */
    public static @Nullable Double detectable(Metric difference) {
        Double low = difference.low();
        Double high = difference.high();
        return low == null || high == null ? null : DETECTABLE * (high - low) / 2;
    }

    private static boolean above(@Nullable Metric gain) {
        return gain != null && gain.excludesZero(1);
    }

    private static boolean hasInterval(@Nullable Metric metric) {
        return metric != null && metric.value() != null && metric.low() != null && metric.high() != null;
    }
}
