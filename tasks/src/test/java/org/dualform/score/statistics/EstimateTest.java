package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.junit.jupiter.api.Test;

class EstimateTest {
    private static final ExampleStatistic ACCURACY = ExampleStatistic.accuracy(ScoredMethod.ICL);
    private static final ExampleStatistic DIFFERENCE = ExampleStatistic.ALL.stream()
            .filter(statistic -> statistic.name().equals(MetricName.parse("icl_minus_zsl")))
            .findFirst()
            .orElseThrow();

    /** So many examples; in the first {@code right} ICL is right. Zero-shot never is. */
    private static List<ExampleLine> lines(int right, int examples) {
        return IntStream.range(0, examples)
                .mapToObj(i -> new ExampleLine("c", 4, "r" + i, 0, 1, i < right ? 0 : 1, null, null, null, null))
                .toList();
    }

    private static List<List<List<ExampleLine>>> seeds(int... right) {
        return IntStream.of(right).mapToObj(each -> List.of(lines(each, 10))).toList();
    }

    @Test
    void tenCasesAreEnoughAndNineAreFew() {
        assertThat(Estimate.of(ACCURACY, seeds(7)).cautions()).isEmpty();
        assertThat(Estimate.of(ACCURACY, List.of(List.of(lines(7, 9)))).cautions())
                .containsExactly(new Caution.TooFew(9));
    }

    @Test
    void overSeedsTheValueIsTheMeanAndTheRangeIsGiven() {
        Metric metric = Estimate.of(ACCURACY, seeds(9, 2, 4));
        assertThat(metric.kind()).isEqualTo(MetricKind.SHARE);
        assertThat(metric.value()).isCloseTo(.5, within(1e-12));
        assertThat(metric.n()).isEqualTo(30);
        assertThat(metric.seedMin()).isCloseTo(.2, within(1e-12));
        assertThat(metric.seedMax()).isCloseTo(.9, within(1e-12));
        assertThat(metric.p()).isNull();
    }

    @Test
    void fourSeedsAreGivenOnesAndFiveStandForOthers() {
        Metric four = Estimate.of(ACCURACY, seeds(9, 2, 4, 5));
        assertThat(four.cautions()).containsExactly(new Caution.GivenSeeds(4));
        assertThat(four.interval()).isEqualTo(IntervalMethod.BOOTSTRAP_EXAMPLES);
        Metric five = Estimate.of(ACCURACY, seeds(9, 2, 4, 5, 5));
        assertThat(five.cautions()).isEmpty();
        assertThat(five.interval()).isEqualTo(IntervalMethod.BOOTSTRAP);
    }

    @Test
    void aDifferenceHasItsPAndAnIntervalAroundIt() {
        Metric always = Estimate.of(DIFFERENCE, List.of(List.of(lines(40, 40))));
        assertThat(always.value()).isEqualTo(1);
        assertThat(always.high()).isEqualTo(1);
        assertThat(always.p()).isCloseTo(2 / 2001.0, within(1e-12));
        Metric never = Estimate.of(DIFFERENCE, List.of(List.of(lines(0, 40))));
        assertThat(never.value()).isZero();
        assertThat(never.p()).isEqualTo(1);
        assertThat(never.seedMin()).isNull();
    }

    @Test
    void ordersOfASeedAreAveragedAndAddNoCases() {
        Metric metric = Estimate.of(ACCURACY, Collections.singletonList(List.of(lines(9, 10), lines(2, 10))));
        assertThat(metric.value()).isCloseTo(.55, within(1e-12));
        assertThat(metric.n()).isEqualTo(10);
        assertThat(metric.interval()).isEqualTo(IntervalMethod.BOOTSTRAP_EXAMPLES);
    }
}
