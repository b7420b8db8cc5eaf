package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;

/** The activation functions of the feed-forward part. None of them writes into its argument, so that gradients flow. */
public enum Activation {
    RELU {
        @Override
        public NDArray apply(NDArray x) {
            return x.getNDArrayInternal().relu();
        }
    },
    /** x · σ(x). */
    SILU {
        @Override
        public NDArray apply(NDArray x) {
            return Fresh.times(x.getNDArrayInternal().sigmoid(), x);
        }
    },
    /** x · Φ(x) with the error function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
    GELU {
        @Override
        public NDArray apply(NDArray x) {
            return x.getNDArrayInternal().gelu();
        }
    },
    /**
     * The tanh form of GELU, ½x(1 + tanh(√(2/π)(x + 0.044715x³))), computed as x · σ(2√(2/π)(x + 0.044715x³)), which
     * needs fewer passes.
     */
    GELU_TANH {
        @Override
        public NDArray apply(NDArray x) {
            try (NDArray square = x.square();
                    NDArray cubic = Scaled.times(square, 2 * SQRT_2_OVER_PI * 0.044715);
                    NDArray slope = cubic.add(2 * SQRT_2_OVER_PI);
                    NDArray angle = slope.mul(x)) {
                return Fresh.times(angle.getNDArrayInternal().sigmoid(), x);
            }
        }
    };

    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    /** Applies the function to each element of {@code x}, which has any shape. */
    public abstract NDArray apply(NDArray x);
}
