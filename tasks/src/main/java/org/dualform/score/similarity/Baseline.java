package org.dualform.score.similarity;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What stands in for fine-tuning, to see how much of a similarity needs it. */
public enum Baseline {
    /** A direction from a normal distribution with mean zero. */
    RANDOM,
    /** A direction uniform in [0, 1) in every dimension: the paper's. */
    RANDOM_UNIFORM,
    /** Fine-tuning's update on another row. */
    PERMUTED,
    /** In-context learning under another order of the same demonstrations. */
    NOISE_FLOOR;

    /** As in the spec, and behind a metric's name. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String of(String metric) {
        return metric + "." + id();
    }

    /** Those named; names that are none are left out, since the spec's reader has refused them. */
    public static Set<Baseline> named(List<String> names) {
        Set<Baseline> baselines = EnumSet.noneOf(Baseline.class);
        for (Baseline baseline : values()) if (names.contains(baseline.id())) baselines.add(baseline);
        return baselines;
    }
}
