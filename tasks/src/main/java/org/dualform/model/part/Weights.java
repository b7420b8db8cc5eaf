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
 * @param tokens (V, e) embedding
 * @param projectIn e → d, or null where e = d
 * @param positions (P, d), added to embeddings, or null
 * @param layers one element a block, in order
 * @param finalNorm (d), or null where the family has none
 * @param projectOut d → e, or null where e = d
 * @param head e → V; its weight is {@code tokens} itself where the model ties them
 */
public record Weights(
        NDArray tokens,
        @Nullable Linear projectIn,
        @Nullable Positions positions,
        List<LayerWeights> layers,
        Norm.@Nullable Scale finalNorm,
        @Nullable Linear projectOut,
        Linear head) {
    /** Weights of a model whose embedding is as wide as its blocks. */
    public Weights(
            NDArray tokens,
            @Nullable Positions positions,
            List<LayerWeights> layers,
            Norm.@Nullable Scale finalNorm,
            Linear head) {
        this(tokens, null, positions, layers, finalNorm, null, head);
    }

    /** The same weights with other blocks. */
    public Weights withLayers(List<LayerWeights> newLayers) {
        return new Weights(tokens, projectIn, positions, newLayers, finalNorm, projectOut, head);
    }

    /** The same over mapped weights, each asked for once; a tied head stays tied, computed positions stay as they are. */
    public Weights map(WeightMapping mapping) {
        NDArray newTokens = mapping.apply("tokens", Role.EMBEDDING, tokens);
        List<LayerWeights> newLayers = new ArrayList<>();
        for (LayerWeights layer : layers) newLayers.add(layer.map("layers." + newLayers.size(), mapping));
        Linear newHead = tied()
                ? new Linear(newTokens, mapping.orNull("head.bias", Role.BIAS, head.bias()))
                : head.map("head", Role.HEAD, mapping);
        return new Weights(
                newTokens,
                projectIn == null ? null : projectIn.map("project_in", Role.MATRIX, mapping),
                positions == null ? null : positions.map(mapping),
                List.copyOf(newLayers),
                Norm.Scale.mapIfAny(finalNorm, "final_norm", mapping),
                projectOut == null ? null : projectOut.map("project_out", Role.MATRIX, mapping),
                newHead);
    }

    /** Whether the output head is the embedding. */
    public boolean tied() {
        return head.weight() == tokens;
    }
}
