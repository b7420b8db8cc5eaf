package org.dualform.optimise;

import ai.djl.ndarray.NDArray;

/** Turns a gradient into a change of a weight. */
public interface Descent {
    /**
     * Adds the change of one step to {@code change}, in place, with gradients switched off.
     *
     * @param name of the weight
     * @param gradient of the step's loss
     * @param step number of this step, from 1
     */
    void step(String name, NDArray gradient, NDArray change, int step);

    /** {@code change −= rate · gradient}. */
    static Descent plain(double learningRate) {
        return (name, gradient, change, step) -> {
            try (NDArray scaled = gradient.mul(-learningRate)) {
                change.addi(scaled);
            }
        };
    }
}
