package org.dualform.theory.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dualform.model.Probe;

/**
 * A change of a weight matrix by one outer product, ΔW = left ⊗ right.
 *
 * <p>Legend: I width of the layer's input, O width of its output.
 *
 * @param left (1, O)
 * @param right (1, I)
 */
public record RankOne(NDArray left, NDArray right) {
    /**
     * The change that adds {@code difference} to the layer's output at one input, and nothing at inputs at a right angle
     * to it: ΔW = difference ⊗ input / ‖input‖².
     *
     * @param difference (1, O)
     * @param input (1, I), not zero
     */
    static RankOne at(NDArray input, NDArray difference) {
        return new RankOne(difference, input.div(input.square().sum()));
    }

    /** ΔW x for {@code x} (…, I): (…, O). */
    public NDArray apply(NDArray x) {
        return x.matMul(right.transpose()).mul(left); // (…, 1), then (…, O)
    }

    /** ΔW itself, (O, I), in the manager of {@link #left}. */
    public NDArray dense() {
        return left.transpose().matMul(right); // (O, I)
    }

    /** The same with arrays that {@code owner} owns. */
    RankOne keep(NDManager owner) {
        return new RankOne(Probe.keep(owner, left), Probe.keep(owner, right));
    }
}
