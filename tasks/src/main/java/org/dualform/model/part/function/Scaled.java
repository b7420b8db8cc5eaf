package org.dualform.model.part.function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Multiplies arrays by a number where gradients flow.
 *
 * <p>{@code NDArray.mul(Number)} must not be used before a backward pass. It wraps the number in an array over Java's
 * memory and releases that array at once, while the engine keeps its address for the gradient. After a garbage
 * collection the gradient is multiplied by whatever lies at that address.
 */
public final class Scaled {
    private Scaled() {}

    /**
     * {@code x · factor}, for {@code x} of any shape. The factor lies in the engine's own memory for as long as it is
     * needed.
     */
    public static NDArray times(NDArray x, double factor) {
        try (NDArray fromJava = x.getManager().create(factor);
                NDArray own = engineOwned(fromJava, x.getDataType())) {
            return x.mul(own);
        }
    }

    /**
     * A copy in the engine's own memory, which a backward pass may read after arrays over Java's memory are gone.
     * {@code toType} alone makes none if the array has that type already, even if it is asked for a copy.
     */
    public static NDArray engineOwned(NDArray fromJava, DataType type) {
        return fromJava.getDataType() == type ? fromJava.duplicate() : fromJava.toType(type, true);
    }
}
