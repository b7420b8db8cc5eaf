package org.dualform.model.part;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a decoder, by role; immutable. Whoever made the arrays owns them.
 *
 * <p>{@code layers} may compute its elements on demand: a forward pass asks for each layer once, and at the layer's end
 * it frees everything that was made then and is not owned elsewhere. Changed weights therefore need to exist for one
 * layer at a time only.
 *
 * <p>Legend: V vocabulary, P positions, d width, e width of the embedding.
 *
 * @param tokens the embedding, (V, e)
 * @param projectIn e → d, or null if e = d
 * @param positions (P, d), added to embeddings, or null
 * @param embeddingNorm (d), before the first block, or null if the family has none
 * @param layers the weights of each block, in order
 * @param finalNorm (d), or null if the family has none
 * @param projectOut d → e, or null if e = d
 * @param head e → V; its weight is {@code tokens} itself if the model ties them
 */
public record Weights(
        NDArray tokens,
        @Nullable Linear projectIn,
        @Nullable Positions positions,
        Norm.@Nullable Scale embeddingNorm,
        List<LayerWeights> layers,
        Norm.@Nullable Scale finalNorm,
        @Nullable Linear projectOut,
        Linear head) {
    /** The weights of a model whose embedding is as wide as its blocks. */
    public Weights(
            NDArray tokens,
            @Nullable Positions positions,
            List<LayerWeights> layers,
            Norm.@Nullable Scale finalNorm,
            Linear head) {
        this(tokens, null, positions, null, layers, finalNorm, null, head);
    }

    /** The same weights with a norm before the first block. */
    public Weights withEmbeddingNorm(Norm.Scale scale) {
        return new Weights(tokens, projectIn, positions, scale, layers, finalNorm, projectOut, head);
    }

    /** The same weights with other blocks. */
    public Weights withLayers(List<LayerWeights> newLayers) {
        return new Weights(tokens, projectIn, positions, embeddingNorm, newLayers, finalNorm, projectOut, head);
    }

    /** The same weights, each mapped once. A tied head stays tied; positions that are computed stay as they are. */
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
                Norm.Scale.mapIfAny(embeddingNorm, "embedding_norm", mapping),
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
