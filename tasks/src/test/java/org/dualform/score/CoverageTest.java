package org.dualform.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.statistics.CrossedBootstrap;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.SimultaneousBand;
import org.dualform.score.statistics.Wilson;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests the coverage of each interval, by simulation with a fixed generator. The nominal coverage is 95 %. The required
 * coverage is 95 % minus three standard errors of the simulation, and minus the interval's known shortfall.
 */
@Tag("slow")
class CoverageTest {
    private static final int TRIALS = 400;
    private static final double ERROR = 3 * Math.sqrt(.95 * .05 / TRIALS);

    private final SplittableRandom random = new SplittableRandom(17);

    private double coverage(IntPredicate holds) {
        int held = 0;
        for (int trial = 0; trial < TRIALS; trial++) held += holds.test(trial) ? 1 : 0;
        return (double) held / TRIALS;
    }

    /** Wilson's coverage oscillates around 95 % with the share, by up to two points at this n. */
    @Test
    void wilson() {
        for (double share : new double[] {.5, .8, .97}) {
            assertThat(coverage(t -> holds(Wilson.interval(binomial(100, share), 100), share)))
                    .isGreaterThan(.95 - ERROR - .02);
        }
    }

    /** One seed, a difference of two accuracies on the same 60 rows; also where they hardly ever differ. */
    @Test
    void differenceOfOneSeed() {
        for (double often : new double[] {.3, .03}) {
            double truth = often / 3;
            assertThat(coverage(t -> holds(difference(1, 60, often, 2 / 3.0, 0), truth)))
                    .isGreaterThan(.95 - ERROR - .01);
        }
    }

    /** Three seeds on the same rows, resampled rows only: holds the mean over these seeds. */
    @Test
    void differenceGivenTheseSeeds() {
        assertThat(coverage(t -> holds(difference(3, 60, .3, 2 / 3.0, 0), .1))).isGreaterThan(.95 - ERROR - .01);
    }

    /** Five and ten seeds that differ in their own effect: holds the mean over all seeds. Few seeds cost coverage. */
    @Test
    void differenceOverSeeds() {
        assertThat(coverage(t -> holds(difference(5, 60, .3, 2 / 3.0, .1), .1))).isGreaterThan(.95 - ERROR - .05);
        assertThat(coverage(t -> holds(difference(10, 60, .3, 2 / 3.0, .1), .1)))
                .isGreaterThan(.95 - ERROR - .03);
    }

    /** A share among cases that are themselves drawn, as Rec2FTP over several seeds. */
    @Test
    void ratio() {
        assertThat(coverage(t -> {
                    double[][] below = new double[3][80];
                    double[][] above = new double[3][80];
                    for (int e = 0; e < 80; e++) {
                        double hard = random.nextDouble();
                        for (int s = 0; s < 3; s++) {
                            below[s][e] = random.nextDouble() < .4 ? 1 : 0;
                            above[s][e] = below[s][e] * (random.nextDouble() < .5 + .6 * (hard - .5) ? 1 : 0);
                        }
                    }
                    return holds(Estimate.draws(MetricKind.SHARE, above, below).interval(), .5);
                }))
                .isGreaterThan(.95 - ERROR - .01);
    }

    /** The band holds a whole curve of five points; intervals one by one do not. */
    @Test
    void band() {
        double[] truth = {.5, .6, .75, .9, .97};
        int[] pointwise = {0};
        double together = coverage(t -> {
            Map<Integer, CrossedBootstrap.Draws> draws = new TreeMap<>();
            double[][][] hits = new double[truth.length][1][100];
            for (int e = 0; e < 100; e++)
                for (int k = 0; k < truth.length; k++) hits[k][0][e] = random.nextDouble() < truth[k] ? 1 : 0;
            boolean all = true;
            for (int k = 0; k < truth.length; k++) {
                draws.put(k, Estimate.draws(MetricKind.SHARE, hits[k], ones(1, 100)));
                all &= holds(draws.get(k).interval(), truth[k]);
            }
            pointwise[0] += all ? 1 : 0;
            Map<Integer, Interval> band = SimultaneousBand.of(draws);
            List<Integer> missed = new ArrayList<>();
            for (int k = 0; k < truth.length; k++) if (!holds(band.get(k), truth[k])) missed.add(k);
            return missed.isEmpty();
        });
        assertThat(together).isGreaterThan(.95 - ERROR - .01);
        assertThat((double) pointwise[0] / TRIALS).isLessThan(.9);
    }

    /** Rows differ with probability {@code often} (+1 with {@code up}); seeds shift {@code often} by up to an amount. */
    private Interval difference(int seeds, int rows, double often, double up, double shift) {
        double[][] d = new double[seeds][rows];
        double[] ease = random.doubles(rows).toArray();
        for (int s = 0; s < seeds; s++) {
            double own = up + (shift == 0 ? 0 : shift / often * random.nextDouble(-1, 1));
            for (int e = 0; e < rows; e++) {
                boolean differs = .5 * ease[e] + .5 * random.nextDouble() < quantile(often);
                d[s][e] = differs ? (random.nextDouble() < own ? 1 : -1) : 0;
            }
        }
        return Estimate.draws(MetricKind.DIFFERENCE, d, ones(seeds, rows)).interval();
    }

    /** Of the mean of two uniform numbers, below one half. */
    private static double quantile(double probability) {
        return Math.sqrt(probability / 2);
    }

    private int binomial(int n, double share) {
        int hits = 0;
        for (int i = 0; i < n; i++) hits += random.nextDouble() < share ? 1 : 0;
        return hits;
    }

    private static boolean holds(Interval interval, double truth) {
        return interval.low() <= truth && truth <= interval.high();
    }

    private static double[][] ones(int seeds, int examples) {
        double[][] ones = new double[seeds][examples];
        for (double[] row : ones) java.util.Arrays.fill(row, 1);
        return ones;
    }
}
