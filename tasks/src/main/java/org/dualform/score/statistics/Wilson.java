package org.dualform.score.statistics;

import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.StandardNormal;

/** Wilson's score interval for a share (Wilson 1927, doi:10.1080/01621459.1927.10502953). */
public final class Wilson {
    private static final double Z = StandardNormal.Z_975;

    private Wilson() {}

    /**
     * The 95 % interval of a share.
     *
     * @param successes 0..n
     * @param n trials, at least 1
     */
    public static Interval interval(long successes, long n) {
        if (n < 1 || successes < 0 || successes > n) {
            throw new IllegalArgumentException(
                    "0 <= successes <= n and n >= 1 expected, got " + successes + " of " + n);
        }
        double share = (double) successes / n;
        double z2 = Z * Z;
        double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z * Math.sqrt(share * (1 - share) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
        // Rounding would leave 1e-17 where the formula gives exactly 0 or 1.
        double low = successes == 0 ? 0 : Math.max(0, centre - half);
        double high = successes == n ? 1 : Math.min(1, centre + half);
        return new Interval(low, high, IntervalMethod.WILSON);
    }
}
