package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.dualform.model.Probe;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.FeedForward;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Norm;
import org.dualform.model.part.function.Scaled;
import org.jspecify.annotations.Nullable;

/**
 * What a context does to one token in one block, or nearly does to several, as a change of the block's feed-forward
 * part. Biases stay as they are.
 *
 * <p>Legend: d width, f width of the feed-forward part.
 *
 * @param gate the change of d → f, or null in families without a gate
 * @param up the change of d → f
 * @param down the change of f → d
 * @param outputWeight (d), the changed weights of the norm after the part, or null in families without this norm
 */
public record LayerPatch(
        @Nullable LowRank gate,
        LowRank up,
        LowRank down,
        @Nullable NDArray outputWeight) {
    /** The activated inner vectors (…, f) of the part with some changes for inputs {@code x} (…, d). */
    static NDArray inner(
            Architecture architecture, FeedForward part, @Nullable LowRank gate, @Nullable LowRank up, NDArray x) {
        NDArray raised = patched(part.up(), up, x); // (…, f)
        if (part.gate() == null) return architecture.activation().apply(raised);
        return architecture
                .activation()
                .apply(patched(part.gate(), gate, x)) // (…, f)
                .mul(raised); // (…, f)
    }

    private static NDArray patched(Linear linear, @Nullable LowRank change, NDArray x) {
        return change == null ? linear.apply(x) : linear.apply(x).add(change.apply(x));
    }

    /** What the patched part adds to the residual stream for inner vectors {@code inner} (…, f): (…, d). */
    NDArray added(Architecture architecture, LayerWeights w, NDArray inner) {
        NDArray y = patched(w.feedForward().down(), down, inner); // (…, d)
        Norm.Scale scale = outputNorm(w);
        if (scale != null) y = architecture.norm().apply(scale, y); // (…, d)
        double factor = architecture.scaling().residual();
        return factor == 1 ? y : Scaled.times(y, factor); // (…, d)
    }

    private Norm.@Nullable Scale outputNorm(LayerWeights w) {
        Norm.Scale scale = w.feedForwardOutputNorm();
        return scale == null || outputWeight == null ? scale : new Norm.Scale(outputWeight, scale.bias());
    }

    /** The block with its matrices changed: the same block in another form, for a decoder that knows of no patches. */
    public LayerWeights applied(LayerWeights w) {
        FeedForward part = w.feedForward();
        return w.withFeedForward(
                new FeedForward(
                        part.gate() == null || gate == null ? part.gate() : changed(part.gate(), gate),
                        changed(part.up(), up),
                        changed(part.down(), down)),
                outputNorm(w));
    }

    private static Linear changed(Linear linear, LowRank change) {
        return new Linear(change.dense().add(linear.weight()), linear.bias());
    }

    /** The same with arrays that {@code owner} owns. */
    LayerPatch keep(NDManager owner) {
        return new LayerPatch(
                gate == null ? null : gate.keep(owner),
                up.keep(owner),
                down.keep(owner),
                outputWeight == null ? null : Probe.keep(owner, outputWeight));
    }
}
