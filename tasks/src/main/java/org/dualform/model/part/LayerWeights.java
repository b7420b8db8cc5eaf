package org.dualform.model.part;

import org.jspecify.annotations.Nullable;

/**
 * The weights of one block.
 *
 * <p>Legend: H query heads, KV key/value heads, hd width of a head, d width.
 *
 * @param attentionNorm (d), before attention or after it (see {@link Residual})
 * @param query d → H·hd
 * @param key d → KV·hd
 * @param value d → KV·hd
 * @param output H·hd → d
 * @param queryNorm (hd), or (H, hd) if every head has its own; null if the family has none
 * @param keyNorm (hd), or (KV, hd); or null
 * @param feedForwardNorm (d), before the feed-forward part or after it; null if both parts share one norm
 */
public record LayerWeights(
        Norm.Scale attentionNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        Norm.@Nullable Scale queryNorm,
        Norm.@Nullable Scale keyNorm,
        Norm.@Nullable Scale feedForwardNorm,
        FeedForward feedForward) {
    /** The same block with mapped weights. */
    LayerWeights map(String name, WeightMapping mapping) {
        return new LayerWeights(
                attentionNorm.map(name + ".attention_norm", mapping),
                query.map(name + ".query", Role.MATRIX, mapping),
                key.map(name + ".key", Role.MATRIX, mapping),
                value.map(name + ".value", Role.MATRIX, mapping),
                output.map(name + ".output", Role.MATRIX, mapping),
                Norm.Scale.mapIfAny(queryNorm, name + ".query_norm", mapping),
                Norm.Scale.mapIfAny(keyNorm, name + ".key_norm", mapping),
                Norm.Scale.mapIfAny(feedForwardNorm, name + ".feed_forward_norm", mapping),
                feedForward.map(name + ".feed_forward", mapping));
    }

    /** The same block with other key and value projections. */
    public LayerWeights withKeyValue(Linear newKey, Linear newValue) {
        return new LayerWeights(
                attentionNorm, query, newKey, newValue, output, queryNorm, keyNorm, feedForwardNorm, feedForward);
    }
}
