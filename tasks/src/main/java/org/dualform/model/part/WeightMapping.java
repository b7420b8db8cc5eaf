package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** Gives what stands in the place of a weight; the weight itself where nothing does. */
@FunctionalInterface
public interface WeightMapping {
    /**
     * @param name unique within a decoder, as {@code layers.3.key.weight}
     * @return an array of the same shape
     */
    NDArray apply(String name, Role role, NDArray weight);

    /** The same for a weight that a family may lack. */
    default @Nullable NDArray orNull(String name, Role role, @Nullable NDArray weight) {
        return weight == null ? null : apply(name, role, weight);
    }
}
