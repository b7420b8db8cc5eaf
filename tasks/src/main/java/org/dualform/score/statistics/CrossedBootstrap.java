package org.dualform.score.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;

/**
 * Percentile bootstrap for a ratio of sums over a crossed design, in which every seed was evaluated on the same examples.
 * Seeds and examples are resampled independently of each other, and every drawn seed gets the same drawn examples.
 * Resampling examples within seeds would treat shared rows as fresh ones and make intervals too short.
 *
 * <p>With fewer than {@value #MIN_SEEDS} seeds a resampled set of seeds says little about other seeds. Then only the
 * examples are resampled, and the interval says so.
 */
public final class CrossedBootstrap {
    public static final int DRAWS = 2000;
    public static final int MIN_SEEDS = 5;
    private static final long GENERATOR_SEED = 0x5EED_D0A1L;
    private static final double TAIL = 0.025;

    private CrossedBootstrap() {}

    /**
     * The 95 % interval of {@code sum(numerator) / sum(denominator)}.
     *
     * @param numerator (seeds, examples)
     * @param denominator (seeds, examples); all ones for a mean
     * @return NaN ends when more than half of the draws have a zero denominator
     */
    public static Interval interval(double[][] numerator, double[][] denominator) {
        return draws(numerator, denominator).interval();
    }

    /**
     * Every draw of that ratio. In each draw all designs of one size get the same resampled seeds and examples. Draws of
     * two statistics, or of two shot counts, can therefore be compared one by one.
     */
    static Draws draws(double[][] numerator, double[][] denominator) {
        int seeds = numerator.length;
        int examples = numerator[0].length;
        boolean crossed = seeds >= MIN_SEEDS;
        SplittableRandom random = new SplittableRandom(GENERATOR_SEED);
        double[] draws = new double[DRAWS];
        int[] seedWeight = new int[seeds];
        int[] exampleWeight = new int[examples];
        Arrays.fill(seedWeight, 1);
        for (int draw = 0; draw < DRAWS; draw++) {
            if (crossed) {
                drawWeights(seedWeight, random);
            }
            drawWeights(exampleWeight, random);
            draws[draw] = ratio(numerator, denominator, seedWeight, exampleWeight);
        }
        return new Draws(draws, crossed ? IntervalMethod.BOOTSTRAP : IntervalMethod.BOOTSTRAP_EXAMPLES);
    }

    /** The draws of one statistic. */
    public static final class Draws {
        private final double[] values;
        private final IntervalMethod method;

        private Draws(double[] values, IntervalMethod method) {
            this.values = values;
            this.method = method;
        }

        /** The value of one draw; NaN where its denominator is zero. */
        double value(int draw) {
            return values[draw];
        }

        double[] defined() {
            return Arrays.stream(values).filter(Double::isFinite).toArray();
        }

        public Interval interval() {
            double[] sorted = Arrays.stream(defined()).sorted().toArray();
            return sorted.length < DRAWS / 2
                    ? new Interval(Double.NaN, Double.NaN, method)
                    : new Interval(quantile(sorted, TAIL), quantile(sorted, 1 - TAIL), method);
        }

        /** The two-sided p value of the hypothesis that the statistic is zero; under .05 where the interval excludes zero. */
        double p() {
            double[] defined = defined();
            long below = Arrays.stream(defined).filter(v -> v <= 0).count();
            long above = Arrays.stream(defined).filter(v -> v >= 0).count();
            return Math.min(1, 2.0 * (1 + Math.min(below, above)) / (1 + defined.length));
        }
    }

    private static void drawWeights(int[] weight, SplittableRandom random) {
        Arrays.fill(weight, 0);
        for (int i = 0; i < weight.length; i++) {
            weight[random.nextInt(weight.length)]++;
        }
    }

    private static double ratio(double[][] numerator, double[][] denominator, int[] seedWeight, int[] exampleWeight) {
        double above = 0;
        double below = 0;
        for (int s = 0; s < seedWeight.length; s++) {
            if (seedWeight[s] == 0) {
                continue;
            }
            double a = 0;
            double b = 0;
            for (int e = 0; e < exampleWeight.length; e++) {
                a += exampleWeight[e] * numerator[s][e];
                b += exampleWeight[e] * denominator[s][e];
            }
            above += seedWeight[s] * a;
            below += seedWeight[s] * b;
        }
        return below == 0 ? Double.NaN : above / below;
    }

    /** Linear interpolation between order statistics; {@code sorted} ascending. */
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
