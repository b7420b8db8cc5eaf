package org.dualform.model.part;

import org.jspecify.annotations.Nullable;

/**
 * The weights of one block.
 *
 * <p>Legend: H query heads, KV key/value heads, hd width of a head, d width.
 *
 * @param attentionNorm (d), before attention or after it (see {@link Residual}), or null
 * @param query d → H·hd
 * @param key d → KV·hd
 * @param value d → KV·hd
 * @param output H·hd → d
 * @param queryNorm (hd), (H, hd) or (H·hd) (see {@link QueryKeyNorm}), or null if the family has none
 * @param keyNorm (hd), (KV, hd) or (KV·hd), or null
 * @param feedForwardNorm (d), before the feed-forward part or after it; null if there is none, or if both parts share
 *     one norm
 * @param attentionOutputNorm (d), of what attention adds, or null
 * @param feedForwardOutputNorm (d), of what the feed-forward part adds, or null
 */
public record LayerWeights(
        Norm.@Nullable Scale attentionNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        Norm.@Nullable Scale queryNorm,
        Norm.@Nullable Scale keyNorm,
        Norm.@Nullable Scale feedForwardNorm,
        FeedForward feedForward,
        Norm.@Nullable Scale attentionOutputNorm,
        Norm.@Nullable Scale feedForwardOutputNorm) {
    /** The weights of a block that adds the outputs of its parts as they are. */
    public LayerWeights(
            Norm.@Nullable Scale attentionNorm,
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Norm.@Nullable Scale queryNorm,
            Norm.@Nullable Scale keyNorm,
            Norm.@Nullable Scale feedForwardNorm,
            FeedForward feedForward) {
        this(attentionNorm, query, key, value, output, queryNorm, keyNorm, feedForwardNorm, feedForward, null, null);
    }

    /** The same block with mapped weights. */
    LayerWeights map(String name, WeightMapping mapping) {
        return new LayerWeights(
                Norm.Scale.mapIfAny(attentionNorm, name + ".attention_norm", mapping),
                query.map(name + ".query", Role.MATRIX, mapping),
                key.map(name + ".key", Role.MATRIX, mapping),
                value.map(name + ".value", Role.MATRIX, mapping),
                output.map(name + ".output", Role.MATRIX, mapping),
                Norm.Scale.mapIfAny(queryNorm, name + ".query_norm", mapping),
                Norm.Scale.mapIfAny(keyNorm, name + ".key_norm", mapping),
                Norm.Scale.mapIfAny(feedForwardNorm, name + ".feed_forward_norm", mapping),
                feedForward.map(name + ".feed_forward", mapping),
                Norm.Scale.mapIfAny(attentionOutputNorm, name + ".attention_output_norm", mapping),
                Norm.Scale.mapIfAny(feedForwardOutputNorm, name + ".feed_forward_output_norm", mapping));
    }

    /** The same block with other key and value projections. */
    public LayerWeights withKeyValue(Linear newKey, Linear newValue) {
        return new LayerWeights(
                attentionNorm,
                query,
                newKey,
                newValue,
                output,
                queryNorm,
                keyNorm,
                feedForwardNorm,
                feedForward,
                attentionOutputNorm,
                feedForwardOutputNorm);
    }

    /** The same block with another feed-forward part, and another norm of what that part adds. */
    public LayerWeights withFeedForward(FeedForward other, Norm.@Nullable Scale otherOutputNorm) {
        return new LayerWeights(
                attentionNorm,
                query,
                key,
                value,
                output,
                queryNorm,
                keyNorm,
                feedForwardNorm,
                other,
                attentionOutputNorm,
                otherOutputNorm);
    }
}
