package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dualform.model.Probe;

/**
 * A change of a weight matrix by a sum of outer products, ΔW = Σ_i left_i ⊗ right_i.
 *
 * <p>Legend: n outer products, I width of the layer's input, O width of its output.
 *
 * @param left (n, O)
 * @param right (n, I)
 */
public record LowRank(NDArray left, NDArray right) {
    /** ΔW x for {@code x} (…, I): (…, O). */
    public NDArray apply(NDArray x) {
        return x.matMul(right.transpose()).matMul(left); // (…, n), then (…, O)
    }

    /** ΔW itself, (O, I), in the manager of {@link #left}. */
    public NDArray dense() {
        return left.transpose().matMul(right); // (O, I)
    }

    /** The same with arrays that {@code owner} owns. */
    LowRank keep(NDManager owner) {
        return new LowRank(Probe.keep(owner, left), Probe.keep(owner, right));
    }
}
