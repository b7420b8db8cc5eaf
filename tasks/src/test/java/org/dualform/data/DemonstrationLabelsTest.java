package org.dualform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DemonstrationLabelsTest {
    private static final List<LabelledRow> ROWS = IntStream.range(0, 3000)
            .mapToObj(i -> new LabelledRow("train/" + i, Map.of(), i % 3, "f:" + i))
            .toList();

    @Property
    void aRowFlippedAtOneShareIsFlippedAlikeAtEveryLargerOne(
            @ForAll @IntRange(max = 2999) int row,
            @ForAll @DoubleRange(max = 1) double a,
            @ForAll @DoubleRange(max = 1) double b) {
        LabelledRow it = ROWS.get(row);
        int less = DemonstrationLabels.flipped(it, Math.min(a, b), 3);
        int more = DemonstrationLabels.flipped(it, Math.max(a, b), 3);
        if (less != it.label()) assertThat(more).isEqualTo(less);
        assertThat(DemonstrationLabels.flipped(it, 0, 3)).isEqualTo(it.label());
        assertThat(DemonstrationLabels.flipped(it, 1, 3))
                .isNotEqualTo(it.label())
                .isBetween(0, 2);
    }

    @Example
    void sharesAreAsAsked() {
        double quarter = share(row -> DemonstrationLabels.flipped(row, 0.25, 3) != row.label());
        double upOne = share(row -> DemonstrationLabels.flipped(row, 1, 3) == (row.label() + 1) % 3);
        double kept = share(row -> DemonstrationLabels.random(row, 3) == row.label());
        assertThat(quarter).isCloseTo(0.25, within(0.03));
        assertThat(upOne).isCloseTo(0.5, within(0.03));
        assertThat(kept).isCloseTo(1 / 3.0, within(0.03));
    }

    private static double share(java.util.function.Predicate<LabelledRow> holds) {
        return ROWS.stream().filter(holds).count() / (double) ROWS.size();
    }
}
