package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CrossedBootstrapTest {
    @Test
    void widthForOneSeedIsTheStandardErrorOfAMean() {
        double[][] hits = {bernoulli(new SplittableRandom(3), 400, .5)};
        double mean = Arrays.stream(hits[0]).average().orElseThrow();
        Interval interval = CrossedBootstrap.interval(hits, ones(1, 400));
        double halfWidth = 1.96 * Math.sqrt(mean * (1 - mean) / 400);
        assertThat(interval.method()).isEqualTo(IntervalMethod.BOOTSTRAP_EXAMPLES);
        assertThat(interval.high() - interval.low()).isCloseTo(2 * halfWidth, within(.012));
    }

    @Test
    void fiveSeedsAreResampledFourAreNot() {
        double[][] five = new double[5][50];
        for (int s = 0; s < 5; s++) {
            Arrays.fill(five[s], s / 4.0); // all the spread is between the seeds
        }
        Interval crossed = CrossedBootstrap.interval(five, ones(5, 50));
        Interval given = CrossedBootstrap.interval(Arrays.copyOf(five, 4), ones(4, 50));
        assertThat(crossed.method()).isEqualTo(IntervalMethod.BOOTSTRAP);
        assertThat(crossed.high() - crossed.low()).isGreaterThan(.4);
        assertThat(given.method()).isEqualTo(IntervalMethod.BOOTSTRAP_EXAMPLES);
        assertThat(given.high() - given.low()).isCloseTo(0, within(1e-12));
    }

    @Test
    void sameInputSameInterval() {
        double[][] hits = {bernoulli(new SplittableRandom(5), 30, .3)};
        assertThat(CrossedBootstrap.interval(hits, ones(1, 30)))
                .isEqualTo(CrossedBootstrap.interval(hits, ones(1, 30)));
    }

    @Test
    void saysSoWhenTheDenominatorIsAlmostAlwaysEmpty() {
        double[][] below = new double[1][400];
        assertThat(CrossedBootstrap.interval(new double[1][400], below).low()).isNaN();
    }

    /** Example and seed effects together: the case in which resampling examples within seeds is too short. */
    @Test
    @Tag("slow")
    void coversAMeanOverACrossedDesign() {
        SplittableRandom random = new SplittableRandom(6);
        int covered = 0;
        int trials = 200;
        for (int t = 0; t < trials; t++) {
            double[][] hits = crossed(random, 12, 80);
            Interval interval = CrossedBootstrap.interval(hits, ones(12, 80));
            covered += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
        }
        assertThat((double) covered / trials).isBetween(.88, .99);
    }

    private static double[][] crossed(SplittableRandom random, int seeds, int examples) {
        double[] bySeed = random.doubles(seeds, -1, 1).toArray();
        double[] byExample = random.doubles(examples, -1, 1).toArray();
        double[][] values = new double[seeds][examples];
        for (int s = 0; s < seeds; s++) {
            for (int e = 0; e < examples; e++) {
                values[s][e] = .5 * bySeed[s] + byExample[e] + random.nextDouble(-1, 1);
            }
        }
        return values;
    }

    private static double[] bernoulli(SplittableRandom random, int n, double share) {
        return random.doubles(n).map(u -> u < share ? 1 : 0).toArray();
    }

    private static double[][] ones(int seeds, int examples) {
        double[][] ones = new double[seeds][examples];
        Arrays.stream(ones).forEach(row -> Arrays.fill(row, 1));
        return ones;
    }
}
