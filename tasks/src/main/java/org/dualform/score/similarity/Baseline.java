package org.dualform.score.similarity;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dualform.score.metric.Floor;
import org.dualform.score.metric.MetricName;

/** The floors that are measured from a cell's own records. */
public enum Baseline {
    RANDOM(Floor.RANDOM),
    RANDOM_UNIFORM(Floor.RANDOM_UNIFORM),
    PERMUTED(Floor.PERMUTED),
    NOISE_FLOOR(Floor.NOISE_FLOOR);

    private final Floor floor;

    Baseline(Floor floor) {
        this.floor = floor;
    }

    /** The word for it in the experiment's {@code baselines}. */
    public String id() {
        return floor.id();
    }

    /** The name of a similarity that is read against it. */
    MetricName of(MetricName similarity) {
        return similarity.beside(floor);
    }

    /** Those named; names that are none are left out, since the spec's reader has refused them. */
    public static Set<Baseline> named(List<String> names) {
        Set<Baseline> baselines = EnumSet.noneOf(Baseline.class);
        for (Baseline baseline : values()) if (names.contains(baseline.id())) baselines.add(baseline);
        return baselines;
    }
}
