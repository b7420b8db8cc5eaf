package org.dualform.model.family.file;

import ai.djl.ndarray.NDArray;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.Linear;

/**
 * The three projections of a layer that a file stores as one, head by head: its rows are the query, key and value of head
 * 0, then those of head 1, and so on. The rows of one kind are gathered by a copy.
 *
 * <p>Legend: H heads, hd width of a head, d width.
 *
 * @param query d → H·hd
 * @param key d → H·hd
 * @param value d → H·hd
 */
public record FusedHeads(Linear query, Linear key, Linear value) {
    /** Sorts the rows of {@code fused}, d → 3·H·hd. */
    public static FusedHeads of(Architecture.Sizes sizes, Linear fused) {
        return new FusedHeads(third(sizes, fused, 0), third(sizes, fused, 1), third(sizes, fused, 2));
    }

    private static Linear third(Architecture.Sizes s, Linear fused, int i) {
        NDArray weight = fused.weight().reshape(s.heads(), 3, s.headDim(), s.width()); // (H, 3, hd, d)
        NDArray bias = fused.bias();
        return new Linear(
                weight.get(":, {}", i).reshape(s.queryWidth(), s.width()), // (H·hd, d)
                bias == null
                        ? null
                        : bias.reshape(s.heads(), 3, s.headDim())
                                .get(":, {}", i)
                                .reshape(s.queryWidth())); // (H·hd)
    }
}
