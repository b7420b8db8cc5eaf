package org.dualform.regression;

import org.dualform.base.SplitMix64;

/**
 * Random linear regressions: w ~ N(0, I/d), x ~ N(0, I), y = w·x + noise. Every task has its own stream of random
 * numbers.
 *
 * @param dimensions d
 * @param noise the standard deviation of the noise
 */
record RegressionTasks(long seed, int dimensions, double noise) {
    /** One task: n examples and a query. */
    static final class Task {
        private final double[][] x;
        private final double[] y;

        private Task(double[][] x, double[] y) {
            this.x = x;
            this.y = y;
        }

        /** (n + 1, d); the last row is the query. */
        double[][] x() {
            return x;
        }

        /** (n + 1); the last is the query's, which no method sees. */
        double[] y() {
            return y;
        }

        /** The number of examples. */
        int examples() {
            return y.length - 1;
        }
    }

    /** The task of a number. */
    Task task(long index, int examples) {
        SplitMix64 random = SplitMix64.stream(seed, index);
        double[] w = new double[dimensions];
        for (int j = 0; j < dimensions; j++) w[j] = random.nextGaussian() / Math.sqrt(dimensions);
        double[][] x = new double[examples + 1][dimensions];
        double[] y = new double[examples + 1];
        for (int i = 0; i <= examples; i++) {
            for (int j = 0; j < dimensions; j++) {
                x[i][j] = random.nextGaussian();
                y[i] += w[j] * x[i][j];
            }
            if (i < examples) y[i] += noise * random.nextGaussian();
        }
        return new Task(x, y);
    }
}
