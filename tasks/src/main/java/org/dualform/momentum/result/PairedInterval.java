package org.dualform.momentum.result;

import java.util.Arrays;

/**
 * The mean of paired differences over seeds with its 95 % interval by Student's t. Both models of a pair have the same
 * initial weights and the same data, so that what a seed does to both has no part in the interval.
 *
 * @param n the number of pairs
 */
public record PairedInterval(double mean, double low, double high, int n) {
    /** The 97.5 % quantiles of Student's t for 1 to 9 degrees of freedom. */
    private static final double[] T = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};

    /** @param differences from 2 to 10 of them */
    public static PairedInterval of(double... differences) {
        int n = differences.length;
        if (n < 2 || n > T.length + 1) throw new IllegalArgumentException(n + " differences");
        double mean = Arrays.stream(differences).average().orElseThrow();
        double squares =
                Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
        double half = T[n - 2] * Math.sqrt(squares / (n - 1) / n);
        return new PairedInterval(mean, mean - half, mean + half, n);
    }

    /** Whether the interval lies on one side of 0. */
    public boolean excludesZero() {
        return low > 0 || high < 0;
    }
}
