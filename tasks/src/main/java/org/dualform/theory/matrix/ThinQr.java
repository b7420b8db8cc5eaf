package org.dualform.theory.matrix;

/**
 * A = Q R with columns of Q at right angles, by Gram and Schmidt's process done twice for each column. A column that
 * depends on those before it leaves a column of zeros in Q.
 *
 * @param q as many rows as A
 * @param r square, 0 below the diagonal
 */
record ThinQr(Matrix q, Matrix r) {
    private static final double DEPENDENT = 1e-14;

    static ThinQr of(Matrix a) {
        Matrix byColumn = a.transposed();
        int n = a.columns();
        double[][] q = new double[n][];
        double[] r = new double[n * n];
        for (int c = 0; c < n; c++) {
            double[] column = byColumn.row(c);
            double size = Vectors.norm(column);
            for (int pass = 0; pass < 2; pass++) {
                for (int p = 0; p < c; p++) {
                    double along = Vectors.dot(q[p], column);
                    r[p * n + c] += along;
                    for (int i = 0; i < column.length; i++) column[i] -= along * q[p][i];
                }
            }
            double left = Vectors.norm(column);
            boolean dependent = left <= DEPENDENT * size;
            r[c * n + c] = dependent ? 0 : left;
            for (int i = 0; i < column.length; i++) column[i] = dependent ? 0 : column[i] / left;
            q[c] = column;
        }
        double[] flat = new double[a.rows() * n];
        for (int c = 0; c < n; c++) for (int i = 0; i < a.rows(); i++) flat[i * n + c] = q[c][i];
        return new ThinQr(new Matrix(a.rows(), n, flat), new Matrix(n, n, r));
    }
}
