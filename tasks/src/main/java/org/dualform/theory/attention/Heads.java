package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualform.theory.matrix.Matrix;

/** Takes an array apart by its first axis. */
final class Heads {
    private Heads() {}

    /** (n, rows, columns) as n matrices in double precision. */
    static List<Matrix> of(NDArray x) {
        int n = (int) x.getShape().get(0);
        int rows = (int) x.getShape().get(1);
        int columns = (int) x.getShape().get(2);
        double[] all = x.toType(DataType.FLOAT64, false).toDoubleArray();
        List<Matrix> matrices = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            matrices.add(
                    new Matrix(rows, columns, Arrays.copyOfRange(all, i * rows * columns, (i + 1) * rows * columns)));
        }
        return matrices;
    }

    /** How far {@code found} is from {@code expected}, relative to that; 0 if both are 0. */
    static double residual(NDArray found, NDArray expected) {
        double size = norm(expected);
        double off = norm(found.sub(expected));
        return off == 0 ? 0 : off / size;
    }

    private static double norm(NDArray x) {
        return x.toType(DataType.FLOAT64, false).norm().getDouble();
    }
}
