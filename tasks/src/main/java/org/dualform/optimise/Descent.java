package org.dualform.optimise;

import ai.djl.ndarray.NDArray;

/** Computes the change of a weight from its gradient. */
public interface Descent {
    /**
     * Adds the change of one step to {@code change}, in place. Gradients must be switched off.
     *
     * @param name the weight's name
     * @param gradient the gradient of the step's loss
     * @param step the number of this step, from 1
     */
    void step(String name, NDArray gradient, NDArray change, int step);

    /** Plain gradient descent: {@code change −= rate · gradient}. */
    static Descent plain(double learningRate) {
        return (name, gradient, change, step) -> {
            try (NDArray scaled = gradient.mul(-learningRate)) {
                change.addi(scaled);
            }
        };
    }
}
