package org.dualform.model.part;

import ai.djl.ndarray.NDArray;

/**
 * Products with a number, through which gradients flow.
 *
 * <p>{@code NDArray.mul(Number)} must not be used where a backward pass follows: it wraps the number in an array over
 * Java's memory and lets go of it at once, while the engine keeps that address for the gradient. After a garbage
 * collection the gradient is multiplied by whatever lies there.
 */
public final class Scaled {
    private Scaled() {}

    /** {@code x · factor}, of any shape; the factor lies in the engine's own memory for as long as it is needed. */
    public static NDArray times(NDArray x, double factor) {
        try (NDArray fromJava = x.getManager().create(factor);
                NDArray own = fromJava.toType(x.getDataType(), true)) {
            return x.mul(own);
        }
    }
}
