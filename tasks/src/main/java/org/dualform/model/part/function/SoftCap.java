package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;

/**
 * Bounds numbers smoothly: c · tanh(x / c), which is near x where x is small (Bello et al. 2016, arXiv:1611.09940;
 * Gemma 2, arXiv:2408.00118).
 *
 * @param limit c
 */
public record SoftCap(double limit) {
    /** Bounds each element of {@code x}, which has any shape. It does not write into its argument. */
    public NDArray apply(NDArray x) {
        return Scaled.times(Scaled.times(x, 1 / limit).tanh(), limit);
    }
}
