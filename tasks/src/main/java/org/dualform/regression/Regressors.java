package org.dualform.regression;

/** What a method predicts for the query of a task, computed in double precision. */
final class Regressors {
    private Regressors() {}

    /**
     * One step of gradient descent on ½ · mean of squared errors, from {@code start}: w = w₀ − (rate/n) Σ (w₀·x_i − y_i)
     * x_i.
     */
    static double oneStep(RegressionTasks.Task task, double rate, double... start) {
        double[] w = start.clone();
        int n = task.examples();
        for (int i = 0; i < n; i++) {
            double error = dot(start, task.x()[i]) - task.y()[i];
            for (int j = 0; j < w.length; j++) w[j] -= rate / n * error * task.x()[i][j];
        }
        return dot(w, task.x()[n]);
    }

    /** Ridge regression: w = (XᵀX + penalty · I)⁻¹ Xᵀy. */
    static double ridge(RegressionTasks.Task task, double penalty) {
        int d = task.x()[0].length;
        double[][] a = new double[d][d + 1]; // XᵀX + penalty · I, and Xᵀy
        for (int j = 0; j < d; j++) {
            a[j][j] = penalty;
            for (int i = 0; i < task.examples(); i++) {
                for (int k = 0; k < d; k++) a[j][k] += task.x()[i][j] * task.x()[i][k];
                a[j][d] += task.x()[i][j] * task.y()[i];
            }
        }
        return dot(solved(a), task.x()[task.examples()]);
    }

    /** Gaussian elimination. The matrix is positive definite, so no row has to be exchanged. */
    private static double[] solved(double[][] a) {
        int d = a.length;
        for (int j = 0; j < d; j++) {
            for (int row = 0; row < d; row++) {
                if (row == j) continue;
                double factor = a[row][j] / a[j][j];
                for (int k = j; k <= d; k++) a[row][k] -= factor * a[j][k];
            }
        }
        double[] w = new double[d];
        for (int j = 0; j < d; j++) w[j] = a[j][d] / a[j][j];
        return w;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) sum += a[j] * b[j];
        return sum;
    }
}
