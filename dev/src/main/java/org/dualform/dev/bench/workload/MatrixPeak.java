package org.dualform.dev.bench.workload;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Measures the engine's own single-precision matrix products. No forward pass can be faster. */
public final class MatrixPeak {
    public static final int SIZE = 3072;

    private MatrixPeak() {}

    /** Floating-point operations of one product. */
    public static double operations() {
        return 2.0 * SIZE * SIZE * SIZE;
    }

    /** Makes the work of one product of two square matrices. */
    public static Runnable product(NDManager owner) {
        NDArray a = owner.randomUniform(-1, 1, new Shape(SIZE, SIZE));
        NDArray b = owner.randomUniform(-1, 1, new Shape(SIZE, SIZE));
        return () -> {
            try (NDArray product = a.matMul(b)) {
                product.getManager();
            }
        };
    }
}
