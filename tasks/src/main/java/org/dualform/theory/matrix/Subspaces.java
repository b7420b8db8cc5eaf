package org.dualform.theory.matrix;

/** Principal angles between two subspaces (Björck and Golub 1973). */
public final class Subspaces {
    private Subspaces() {}

    /**
     * The cosines of the principal angles between the spans of the first columns of two matrices, the smallest angle
     * first.
     *
     * @param a (n, ·), columns of length 1 at right angles
     * @param b (n, ·), the same
     * @param dimensions how many columns of each
     */
    public static double[] cosines(Matrix a, Matrix b, int dimensions) {
        int count = Math.min(dimensions, Math.min(a.columns(), b.columns()));
        Svd svd = Svd.of(a.first(count).transposed().times(b.first(count)));
        double[] cosines = svd.values().clone();
        for (int i = 0; i < cosines.length; i++) cosines[i] = Math.min(1, cosines[i]);
        return cosines;
    }
}
