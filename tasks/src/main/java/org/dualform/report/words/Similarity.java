package org.dualform.report.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Point;
import org.dualform.score.result.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A measure of how alike prompting and fine-tuning are, and what it is compared with: without a floor it says nothing.
 *
 * @param name in results.json
 * @param plain in tables and sentences
 */
public record Similarity(String name, String plain) {
    static final Similarity AGREEMENT = new Similarity("icl_ft.agreement", "same answer");

    /** In reporting order. */
    public static final List<Similarity> ALL = List.of(
            AGREEMENT,
            new Similarity("icl_ft.agreement_wrong", "same answer where one is wrong"),
            new Similarity("icl_ft.token_overlap", "shared likely tokens"),
            new Similarity("sim_aou", "SimAOU"),
            new Similarity("sim_aou.raw", "SimAOU, raw"),
            new Similarity("sim_am", "SimAM"),
            new Similarity("sim_am.delta", "SimAM, changes"),
            new Similarity("kendall.token", "Kendall τ, tokens"),
            new Similarity("kendall.example", "Kendall τ, demonstrations"),
            new Similarity("recall.token", "recall, tokens"),
            new Similarity("recall.example", "recall, demonstrations"));

    /** What a similarity would be without the cause it claims: suffix of the metric's name. */
    public enum Floor {
        BEFORE_FT("before_ft", "before fine-tuning"),
        RANDOM("random", "random direction"),
        RANDOM_UNIFORM("random_uniform", "uniform direction"),
        PERMUTED("permuted", "other rows' updates"),
        NOISE_FLOOR("noise_floor", "another order"),
        UNTRAINED("untrained", "untrained model"),
        UNTRAINED_EMBEDDINGS("untrained_embeddings", "untrained but embeddings"),
        LCGD("lcgd", "layer-causal");

        private final String suffix;
        private final String plain;

        Floor(String suffix, String plain) {
            this.suffix = suffix;
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }
    }

    /** A floor that was measured. */
    record Measured(Floor floor, Metric metric) {}

    public Optional<Metric> at(Point point) {
        return Optional.ofNullable(point.metric(name)).filter(Numbers::hasValue);
    }

    public Optional<Metric> at(Point point, Floor floor) {
        return Optional.ofNullable(point.metric(name + "." + floor.suffix)).filter(Numbers::hasValue);
    }

    /** As {@link #at}, also where it is undefined. */
    public @Nullable Metric whole(Point point) {
        return point.metric(name);
    }

    public @Nullable Metric whole(Point point, Floor floor) {
        return point.metric(name + "." + floor.suffix);
    }

    /** What it must exceed to mean anything. */
    List<Measured> floors(Point point) {
        List<Measured> floors = new ArrayList<>();
        for (Floor floor : Floor.values()) {
            // Under another order ICL is compared with itself: a ceiling of what can be expected, not a floor.
            if (floor != Floor.NOISE_FLOOR) at(point, floor).ifPresent(m -> floors.add(new Measured(floor, m)));
        }
        return floors;
    }

    /** Those measured at {@code point}. */
    public static List<Similarity> measured(Point point) {
        return Stream.of(ALL)
                .flatMap(List::stream)
                .filter(s -> s.at(point).isPresent())
                .toList();
    }

    /** Whether the interval of {@code metric} begins above that of {@code floor}. */
    static boolean isAbove(Metric metric, Metric floor) {
        Double low = metric.low() == null ? metric.value() : metric.low();
        Double high = floor.high() == null ? floor.value() : floor.high();
        return low != null && high != null && low > high;
    }
}
