package org.dualform.theory.matrix;

/** Sums over vectors in double precision. */
public final class Vectors {
    private Vectors() {}

    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    public static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** The cosine of the angle between two vectors; NaN if one of them is 0. */
    public static double cosine(double[] a, double[] b) {
        return dot(a, b) / (norm(a) * norm(b));
    }
}
