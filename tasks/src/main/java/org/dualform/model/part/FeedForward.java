package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import org.dualform.model.part.function.Activation;
import org.dualform.model.part.function.Fresh;
import org.jspecify.annotations.Nullable;

/**
 * The feed-forward part of a block: down(act(up x)), or down(act(gate x) · up x) in families with a gate.
 *
 * <p>Legend: B batch, T tokens, d width, f width of the feed-forward part.
 *
 * @param gate d → f, or null
 * @param up d → f
 * @param down f → d
 */
public record FeedForward(@Nullable Linear gate, Linear up, Linear down) {
    /** The same part with mapped weights. */
    FeedForward map(String name, WeightMapping mapping) {
        return new FeedForward(
                gate == null ? null : gate.map(name + ".gate", Role.MATRIX, mapping),
                up.map(name + ".up", Role.MATRIX, mapping),
                down.map(name + ".down", Role.MATRIX, mapping));
    }

    /** Computes (B, T, d) → (B, T, d). */
    public NDArray apply(Activation activation, NDArray x) {
        try (NDArray inner = gate == null ? activated(activation, up, x) : gated(activation, gate, x)) { // (B, T, f)
            return down.apply(inner); // (B, T, d)
        }
    }

    private NDArray gated(Activation activation, Linear opened, NDArray x) {
        NDArray open = activated(activation, opened, x); // (B, T, f)
        try (NDArray inner = up.apply(x)) { // (B, T, f)
            return Fresh.times(open, inner);
        }
    }

    /** The widest arrays of a block are freed as soon as they are used, so that the next ones find their memory in caches. */
    private static NDArray activated(Activation activation, Linear projection, NDArray x) {
        try (NDArray inner = projection.apply(x)) { // (B, T, f)
            return activation.apply(inner);
        }
    }
}
