package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
    private static final int ROWS = 100;
    private static final ExampleStatistic ZSL = ExampleStatistic.accuracy(ScoredMethod.ZSL);

    /** Row 0 to 39 right in both, and ten more rows in the other study. */
    @Test
    void theDifferenceIsThatOfTheRowsAndItsIntervalNarrowerThanThatOfTwoStudies() {
        Metric difference = PairedDifference.of(ZSL, seeds(row -> row < 40, 1), seeds(row -> row < 50, 1))
                .orElseThrow();
        assertThat(difference.value()).isCloseTo(.1, within(1e-12));
        assertThat(difference.n()).isEqualTo(ROWS);
        Interval one = Wilson.interval(40, ROWS);
        double apart = .4 - one.low();
        assertThat(difference.low()).isPositive();
        assertThat(difference.high() - difference.low()).isLessThan(.6 * 2 * Math.hypot(apart, apart));
    }

    @Test
    void equalAnswersDifferByNothingWhateverTheOrderOfTheirLines() {
        Map<Integer, List<List<ExampleLine>>> turned = new HashMap<>();
        seeds(row -> row % 3 == 0, 2, 1).forEach((seed, orders) -> {
            List<ExampleLine> lines = new ArrayList<>(orders.get(0));
            Collections.reverse(lines);
            turned.put(seed, List.of(lines));
        });
        Metric difference = PairedDifference.of(ZSL, seeds(row -> row % 3 == 0, 1, 2), turned)
                .orElseThrow();
        assertThat(difference.value()).isZero();
        assertThat(difference.n()).isEqualTo(2 * ROWS);
        // Two made-up cases join every draw, so the interval has a width.
        assertThat(difference.low()).isBetween(-.05, 0.);
        assertThat(difference.high()).isBetween(0., .05);
    }

    @Test
    void otherSeedsAreAveragedSoThatRowsCanBePaired() {
        Metric difference = PairedDifference.of(ZSL, seeds(row -> row < 40, 1, 2), seeds(row -> row < 50, 3))
                .orElseThrow();
        assertThat(difference.value()).isCloseTo(.1, within(1e-12));
        assertThat(difference.n()).isEqualTo(ROWS);
    }

    @Test
    void otherRowsOrMissingAnswersAreNotPaired() {
        Map<Integer, List<List<ExampleLine>>> fewer = Map.of(1, List.of(lines(row -> true, ROWS - 1)));
        assertThat(PairedDifference.of(ZSL, seeds(row -> true, 1), fewer)).isEmpty();
        assertThat(PairedDifference.of(ZSL, seeds(row -> true, 1), Map.of())).isEmpty();
        ExampleStatistic ft = ExampleStatistic.accuracy(ScoredMethod.FT);
        assertThat(PairedDifference.of(ft, seeds(row -> true, 1), seeds(row -> true, 1)))
                .isEmpty();
    }

    private static Map<Integer, List<List<ExampleLine>>> seeds(IntPredicate right, int... seeds) {
        Map<Integer, List<List<ExampleLine>>> bySeed = new HashMap<>();
        for (int seed : seeds) bySeed.put(seed, List.of(lines(right, ROWS)));
        return bySeed;
    }

    private static List<ExampleLine> lines(IntPredicate right, int rows) {
        List<ExampleLine> lines = new ArrayList<>();
        @Nullable Integer none = null;
        for (int row = 0; row < rows; row++)
            lines.add(new ExampleLine("c", 0, "test/" + row, 1, right.test(row) ? 1 : 0, none, none, null, null, null));
        return lines;
    }
}
