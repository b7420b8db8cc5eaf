package org.dualform.dev.bench.measure;

import java.util.Arrays;
import java.util.Locale;

/**
 * Several measurements of one quantity.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param low the smallest
 * @param high the largest
 * @param n the number of measurements
 */
public record Spread(double median, double low, double high, int n) {
    public static Spread of(double... values) {
        if (values.length == 0) throw new IllegalArgumentException("nothing was measured");
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** A quantity that was measured once. */
    public static Spread once(double value) {
        return new Spread(value, value, value, 1);
    }

    public Spread times(double factor) {
        return new Spread(median * factor, low * factor, high * factor, n);
    }

    /** The median as text. If there are several measurements, the smallest and the largest follow. */
    public String text() {
        return n == 1
                ? String.format(Locale.ROOT, "%.3g", median)
                : String.format(Locale.ROOT, "%.3g [%.3g, %.3g]", median, low, high);
    }
}
