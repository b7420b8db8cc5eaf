package org.dualform.optimise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The running means of a gradient and of its square, from which Adam's steps are made. Both have the gradient's shape. */
record Moments(NDArray mean, NDArray square) {
    /**
     * The moments before the first step.
     *
     * @param manager owns them
     * @param like an array of their shape and type
     */
    static Moments zeros(NDManager manager, NDArray like) {
        return new Moments(
                manager.zeros(like.getShape(), like.getDataType()), manager.zeros(like.getShape(), like.getDataType()));
    }
}
