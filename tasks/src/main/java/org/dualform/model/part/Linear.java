package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * y = x Wᵀ + b.
 *
 * @param weight (out, in), any strides
 * @param bias (out), or null
 */
public record Linear(NDArray weight, @Nullable NDArray bias) {
    /**
     * The same layer with mapped weights.
     *
     * @param role the role of the weight matrix
     */
    public Linear map(String name, Role role, WeightMapping mapping) {
        return new Linear(
                mapping.apply(name + ".weight", role, weight), mapping.orNull(name + ".bias", Role.BIAS, bias));
    }

    /** {@code x} (…, in) gives (…, out). */
    public NDArray apply(NDArray x) {
        return x.getNDArrayInternal().linear(x, weight, bias).head();
    }
}
