package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** Maps each weight to the array that takes its place, which may be the weight itself. */
@FunctionalInterface
public interface WeightMapping {
    /**
     * @param name a name that is unique within a decoder, such as {@code layers.3.key.weight}
     * @return an array of the same shape
     */
    NDArray apply(String name, Role role, NDArray weight);

    /** Maps a weight that a family may lack; null stays null. */
    default @Nullable NDArray orNull(String name, Role role, @Nullable NDArray weight) {
        return weight == null ? null : apply(name, role, weight);
    }
}
