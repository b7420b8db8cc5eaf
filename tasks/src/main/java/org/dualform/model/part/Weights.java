package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a decoder, by role; immutable. Their arrays belong to whoever made them.
 *
 * <p>{@code layers} may compute an element when asked: a forward asks once a layer, and frees at the layer's end what
 * was made then and is not owned elsewhere. So changed weights need to exist a layer at a time only.
 *
 * @param tokens (V, d) embedding
 * @param positions (P, d) learned positions, or null
 * @param layers one element a block, in order
 * @param finalNorm (d)
 * @param head d → V; its weight is {@code tokens} itself where the model ties them
 */
public record Weights(
        NDArray tokens, @Nullable NDArray positions, List<LayerWeights> layers, Norm.Scale finalNorm, Linear head) {
    /** The same weights with other blocks. */
    public Weights withLayers(List<LayerWeights> newLayers) {
        return new Weights(tokens, positions, newLayers, finalNorm, head);
    }

    /** The same over mapped weights, each asked for once; a tied head stays tied. */
    public Weights map(WeightMapping mapping) {
        NDArray newTokens = mapping.apply("tokens", Role.EMBEDDING, tokens);
        List<LayerWeights> newLayers = new ArrayList<>();
        for (LayerWeights layer : layers) newLayers.add(layer.map("layers." + newLayers.size(), mapping));
        Linear newHead = tied()
                ? new Linear(newTokens, mapping.orNull("head.bias", Role.BIAS, head.bias()))
                : head.map("head", Role.HEAD, mapping);
        return new Weights(
                newTokens,
                mapping.orNull("positions", Role.EMBEDDING, positions),
                List.copyOf(newLayers),
                finalNorm.map("final_norm", mapping),
                newHead);
    }

    /** Whether the output head is the embedding. */
    public boolean tied() {
        return head.weight() == tokens;
    }
}
