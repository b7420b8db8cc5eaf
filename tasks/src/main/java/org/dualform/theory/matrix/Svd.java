package org.dualform.theory.matrix;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A singular value decomposition A = U diag(σ) Vᵀ by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992):
 * pairs of columns are rotated until all are at right angles. It is accurate for small singular values too, and fast
 * enough for matrices as wide as a head.
 */
public final class Svd {
    private static final int MOST_SWEEPS = 60;
    private static final double RIGHT_ANGLE = 1e-15;

    private final Matrix left;
    private final double[] values;
    private final Matrix right;

    Svd(Matrix left, double[] values, Matrix right) {
        this.left = left;
        this.values = values;
        this.right = right;
    }

    /** U, with a column for each singular value; 0 where that is 0. */
    public Matrix left() {
        return left;
    }

    /** σ, the largest first; not to be changed. */
    public double[] values() {
        return values;
    }

    /** V, with a column for each singular value. */
    public Matrix right() {
        return right;
    }

    /** Decomposes a matrix with at least as many rows as columns, or any other by its transpose. */
    public static Svd of(Matrix a) {
        if (a.rows() < a.columns()) {
            Svd turned = of(a.transposed());
            return new Svd(/* left= */ turned.right, turned.values, /* right= */ turned.left);
        }
        int n = a.columns();
        double[][] columns = new double[n][];
        double[][] v = new double[n][n];
        Matrix byColumn = a.transposed();
        for (int i = 0; i < n; i++) {
            columns[i] = byColumn.row(i);
            v[i][i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && rotate(columns, v); sweep++) {
            // Each sweep brings all pairs closer to right angles.
        }
        return sorted(a.rows(), columns, v);
    }

    /** Rotates every pair of columns to a right angle. Returns whether any pair was not at one. */
    private static boolean rotate(double[][] columns, double[][] v) {
        boolean rotated = false;
        for (int p = 0; p < columns.length; p++) {
            for (int q = p + 1; q < columns.length; q++) {
                double alpha = Vectors.dot(columns[p], columns[p]);
                double beta = Vectors.dot(columns[q], columns[q]);
                double gamma = Vectors.dot(columns[p], columns[q]);
                if (gamma == 0 || Math.abs(gamma) <= RIGHT_ANGLE * Math.sqrt(alpha * beta)) continue;
                rotated = true;
                double zeta = (beta - alpha) / (2 * gamma);
                double t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
                double cos = 1 / Math.hypot(1, t);
                turn(columns[p], columns[q], cos, cos * t);
                turn(v[p], v[q], cos, cos * t);
            }
        }
        return rotated;
    }

    private static void turn(double[] p, double[] q, double cos, double sin) {
        for (int i = 0; i < p.length; i++) {
            double x = p[i];
            p[i] = cos * x - sin * q[i];
            q[i] = sin * x + cos * q[i];
        }
    }

    private static Svd sorted(int rows, double[][] columns, double[][] v) {
        double[] norms = Arrays.stream(columns).mapToDouble(Vectors::norm).toArray();
        int[] order = IntStream.range(0, norms.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -norms[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] u = new double[rows * order.length];
        double[] right = new double[order.length * order.length];
        double[] values = new double[order.length];
        for (int c = 0; c < order.length; c++) {
            values[c] = norms[order[c]];
            for (int r = 0; r < rows; r++) {
                u[r * order.length + c] = values[c] == 0 ? 0 : columns[order[c]][r] / values[c];
            }
            for (int r = 0; r < order.length; r++) right[r * order.length + c] = v[order[c]][r];
        }
        return new Svd(new Matrix(rows, order.length, u), values, new Matrix(order.length, order.length, right));
    }

    /** The number of singular values above {@code tolerance} times the largest. */
    public int rank(double tolerance) {
        if (values.length == 0 || values[0] == 0) return 0;
        return (int)
                Arrays.stream(values).filter(s -> s > tolerance * values[0]).count();
    }
}
