package org.dualform.score.similarity;

import org.jspecify.annotations.Nullable;

/** Cosines of changes. "No change" is NaN or null, so that it is not taken for "at right angles", which is 0. */
final class Cosine {
    private Cosine() {}

    /** The cosine; NaN where one of the two is zero or not finite. */
    static double of(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        double scale = Math.sqrt(aa) * Math.sqrt(bb);
        return scale > 0 && Double.isFinite(scale) ? dot / scale : Double.NaN;
    }

    /**
     * {@code after − before}; null where that is only rounding, that is no longer than {@code threshold} times the sum of
     * both lengths.
     *
     * @param threshold relative to the lengths; a change below it counts as none
     */
    static double @Nullable [] change(double[] before, double[] after, double threshold) {
        double[] change = new double[before.length];
        double squares = 0;
        for (int i = 0; i < change.length; i++) {
            change[i] = after[i] - before[i];
            squares += change[i] * change[i];
        }
        double length = Math.sqrt(squares);
        return length > threshold * (length(before) + length(after)) ? change : null;
    }

    /** The same direction with length 1; zero stays zero. */
    static double[] unit(double[] vector) {
        double length = length(vector);
        double[] unit = new double[vector.length];
        for (int i = 0; i < unit.length; i++) unit[i] = vector[i] / (length + Double.MIN_NORMAL);
        return unit;
    }

    static double length(double[] vector) {
        double squares = 0;
        for (double x : vector) squares += x * x;
        return Math.sqrt(squares);
    }
}
