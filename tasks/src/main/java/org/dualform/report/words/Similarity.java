package org.dualform.report.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * A measure of how alike prompting and fine-tuning are, and the floors it is read against. Without a floor it says nothing.
 *
 * @param quantity what is measured
 * @param plain its name in tables and sentences
 */
public record Similarity(Quantity quantity, String plain) {
    static final Similarity AGREEMENT = new Similarity(Quantity.AGREEMENT, "same answer");

    /** In reporting order. */
    public static final List<Similarity> ALL = List.of(
            AGREEMENT,
            new Similarity(Quantity.AGREEMENT_WRONG, "same answer where one is wrong"),
            new Similarity(Quantity.TOKEN_OVERLAP, "shared likely tokens"),
            new Similarity(Quantity.SIM_AOU, "SimAOU"),
            new Similarity(Quantity.SIM_AOU_RAW, "SimAOU, raw"),
            new Similarity(Quantity.SIM_AM, "SimAM"),
            new Similarity(Quantity.SIM_AM_DELTA, "SimAM, changes"),
            new Similarity(Quantity.KENDALL_TOKEN, "Kendall τ, tokens"),
            new Similarity(Quantity.KENDALL_EXAMPLE, "Kendall τ, demonstrations"),
            new Similarity(Quantity.RECALL_TOKEN, "recall, tokens"),
            new Similarity(Quantity.RECALL_EXAMPLE, "recall, demonstrations"));

    /** What a similarity would be without the cause that it claims: the columns of a table. */
    public enum Floor {
        /** What SimAM is before any fine-tuning, a quantity of its own. */
        BEFORE_FT(null, "before fine-tuning"),
        RANDOM(org.dualform.score.metric.Floor.RANDOM, "random direction"),
        RANDOM_UNIFORM(org.dualform.score.metric.Floor.RANDOM_UNIFORM, "uniform direction"),
        PERMUTED(org.dualform.score.metric.Floor.PERMUTED, "other rows' updates"),
        NOISE_FLOOR(org.dualform.score.metric.Floor.NOISE_FLOOR, "another order"),
        UNTRAINED(org.dualform.score.metric.Floor.UNTRAINED, "untrained model"),
        UNTRAINED_EMBEDDINGS(org.dualform.score.metric.Floor.UNTRAINED_EMBEDDINGS, "untrained but embeddings"),
        LCGD(org.dualform.score.metric.Floor.LCGD, "layer-causal");

        private final org.dualform.score.metric.@Nullable Floor measured;
        private final String plain;

        Floor(org.dualform.score.metric.@Nullable Floor measured, String plain) {
            this.measured = measured;
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }

        /** The name of {@code quantity} beside this floor; empty where there is no such metric. */
        private Optional<MetricName> name(Quantity quantity) {
            if (measured != null && quantity.isRecorded())
                return Optional.of(MetricName.of(quantity).beside(measured));
            return measured == null && quantity == Quantity.SIM_AM
                    ? Optional.of(MetricName.of(Quantity.SIM_AM_BEFORE_FT))
                    : Optional.empty();
        }
    }

    /** A floor that was measured. */
    record Measured(Floor floor, Metric metric) {}

    /** Its value at a point; empty where it has none. */
    public Optional<Metric> at(Point point) {
        return Optional.ofNullable(whole(point)).filter(Numbers::hasValue);
    }

    /** Its value beside that floor; empty where there is none. */
    public Optional<Metric> at(Point point, Floor floor) {
        return Optional.ofNullable(whole(point, floor)).filter(Numbers::hasValue);
    }

    /** As {@link #at(Point)}, also where it is undefined; null where it was not measured. */
    public @Nullable Metric whole(Point point) {
        return point.metric(MetricName.of(quantity));
    }

    /** As {@link #at(Point, Floor)}, also where it is undefined; null where it was not measured. */
    public @Nullable Metric whole(Point point, Floor floor) {
        return floor.name(quantity).map(point::metric).orElse(null);
    }

    /** The floors that the value must exceed to mean anything. */
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
