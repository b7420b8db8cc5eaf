package org.dualform.dev.bench.measure;

import java.util.Arrays;
import java.util.Locale;

/**
 * Several measurements of one quantity.
 *
 * @param median the middle one, or the mean of the middle two
 * @param low the smallest
 * @param high the largest
 * @param n how many
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

    /** Known without measuring twice. */
    public static Spread once(double value) {
        return new Spread(value, value, value, 1);
    }

    public Spread times(double factor) {
        return new Spread(median * factor, low * factor, high * factor, n);
    }

    /** The median; with the smallest and the largest where there are several. */
    public String text() {
        return n == 1
                ? String.format(Locale.ROOT, "%.3g", median)
                : String.format(Locale.ROOT, "%.3g [%.3g, %.3g]", median, low, high);
    }
}
