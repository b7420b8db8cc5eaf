package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.Norm;
import org.dualform.model.part.QueryKeyNorm;
import org.dualform.model.part.function.Fresh;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Scaled;
import org.dualform.model.part.function.SoftCap;
import org.jspecify.annotations.Nullable;

/**
 * The causal attention of one call.
 *
 * <p>Heads come first, (H, B, T, ·). With a prefix, the rows of all queries then fold into one product for each
 * key/value head, (KV, H/KV·B·T, hd) × (KV, hd, P), and no query needs a copy of the prefix.
 *
 * <p>Legend: B batch, T tokens of this call, P tokens of the prefix, S = P + T, H query heads, KV key/value heads, hd
 * width of a head, d width.
 *
 * @param turns the rotations of this call's positions
 * @param masks one mask for each layer
 * @param average what each head adds of earlier values, or null
 * @param probe sees the arrays of the call
 */
record Attention(
        Architecture architecture,
        Rotaries.Turns turns,
        List<Mask> masks,
        Momentum.@Nullable Shares average,
        Probe probe) {
    /** The number of rows that attend together where there is no prefix. */
    private static final int BLOCK_ROWS = 128;

    /**
     * Attends in one layer.
     *
     * @param x (B, T, d), after the norm in families where norms come first
     * @return (B, T, d), after the output projection
     */
    NDArray apply(int layer, LayerWeights w, NDArray x, PrefixCache.@Nullable Form prefix) {
        Architecture.Sizes sizes = architecture.sizes();
        NDArray allQ = w.query().apply(x); // (B, T, H·hd)
        NDArray allK = probe.keys(layer, x, w.key().apply(x)); // (B, T, KV·hd)
        NDArray q = normedHeads(w.queryNorm(), allQ, sizes.heads()); // (H, B, T, hd)
        NDArray k = normedHeads(w.keyNorm(), allK, sizes.kvHeads()); // (KV, B, T, hd)
        NDArray v = heads(probe.values(layer, x, w.value().apply(x)), sizes.kvHeads()); // (KV, B, T, hd)
        probe.queries(layer, q.swapAxes(0, 1));
        q = turns.apply(layer, q); // (H, B, T, hd)
        k = turns.apply(layer, k); // (KV, B, T, hd)
        probe.rotatedQueries(layer, q.swapAxes(0, 1));
        probe.keysAndValues(layer, k.swapAxes(0, 1), v.swapAxes(0, 1));
        NDArray scaled = Scaled.times(q, architecture.scaling().factor(layer, sizes.headDim())); // (H, B, T, hd)
        Shape shape = x.getShape();
        // A moving average adds to every earlier value, so that no block can be left out.
        NDArray mixed = prefix == null && average == null && shape.get(1) > BLOCK_ROWS && !probe.seesScores()
                ? inBlocks(layer, scaled, perQueryHead(k), perQueryHead(v)) // (H, B, T, hd)
                : whole(layer, scaled, k, v, prefix); // (H, B, T, hd)
        NDArray joined = mixed.transpose(1, 2, 0, 3) // (B, T, H, hd)
                .reshape(shape.get(0), shape.get(1), sizes.queryWidth()); // (B, T, H·hd)
        return w.output().apply(joined); // (B, T, d)
    }

    private NDArray whole(int layer, NDArray q, NDArray k, NDArray v, PrefixCache.@Nullable Form prefix) {
        NDArray shares;
        try (NDArray scores = scores(layer, q, k, prefix)) { // (H, B, T, S)
            probe.scores(layer, scores.swapAxes(0, 1));
            shares = scores.softmax(-1); // (H, B, T, S)
        }
        return mix(shares, v, layer, prefix); // (H, B, T, hd)
    }

    /**
     * Attends without a prefix, some rows at a time, each to the columns up to its last row: nearly half of the square
     * of scores is never computed. What the mask would hide adds nothing to a sum, so leaving it out changes no number
     * but by rounding.
     *
     * @param q (H, B, T, hd), scaled
     * @param keys (H, B, T, hd)
     * @param values (H, B, T, hd)
     * @return (H, B, T, hd)
     */
    private NDArray inBlocks(int layer, NDArray q, NDArray keys, NDArray values) {
        int tokens = (int) q.getShape().get(2);
        NDArray mask = masks.get(layer).own();
        NDList blocks = new NDList();
        for (int first = 0; first < tokens; first += BLOCK_ROWS) {
            int last = Math.min(first + BLOCK_ROWS, tokens);
            int from = Math.max(0, first - architecture.windows().of(layer) + 1);
            NDArray scores =
                    capped(rows(q, first, last).matMul(rows(keys, from, last).swapAxes(2, 3))); // (H, B, rows, columns)
            if (mask != null) {
                scores = Fresh.plus(scores, mask.get(new NDIndex("..., {}:{}, {}:{}", first, last, from, last)));
            }
            try (NDArray shares = scores.softmax(-1)) { // (H, B, rows, columns)
                scores.close();
                blocks.add(shares.matMul(rows(values, from, last))); // (H, B, rows, hd)
            }
        }
        return blocks.head().getNDArrayInternal().concat(blocks.subNDList(1), 2); // (H, B, T, hd)
    }

    /** Chooses tokens: (H, B, T, hd) → (H, B, last − first, hd). */
    private static NDArray rows(NDArray x, int first, int last) {
        return x.get(new NDIndex(":, :, {}:{}", first, last));
    }

    private NDArray scores(int layer, NDArray q, NDArray k, PrefixCache.@Nullable Form prefix) {
        NDArray own = capped(q.matMul(perQueryHead(k).swapAxes(2, 3))); // (H, B, T, T)
        Mask mask = masks.get(layer);
        if (mask.own() != null) own = Fresh.plus(own, mask.own());
        if (prefix == null) return own;
        NDArray keys = prefix.keys(layer); // (KV, P, hd)
        NDArray before = capped(fold(q, keys.getShape().get(0)).matMul(keys.swapAxes(1, 2))); // (KV, H/KV·B·T, P)
        Shape rows = q.getShape();
        before = before.reshape(rows.get(0), rows.get(1), rows.get(2), prefix.tokens()); // (H, B, T, P)
        if (mask.prefix() != null) before = Fresh.plus(before, mask.prefix());
        return before.getNDArrayInternal().concat(new NDList(own), 3); // (H, B, T, S)
    }

    private NDArray mix(NDArray shares, NDArray v, int layer, PrefixCache.@Nullable Form prefix) {
        if (prefix == null) return averaging(shares).matMul(perQueryHead(v)); // (H, B, T, hd)
        NDArray values = prefix.values(layer); // (KV, P, hd)
        // Folded first and cut then: a cut array would be copied to be folded.
        NDArray shown = fold(shares, values.getShape().get(0)).get(new NDIndex(":, :, :{}", prefix.tokens()));
        NDArray before = shown.matMul(values); // (KV, H/KV·B·T, P) × (KV, P, hd) gives (KV, H/KV·B·T, hd)
        NDArray own = averaging(shares.get(new NDIndex("..., {}:", prefix.tokens())))
                .matMul(perQueryHead(v)); // (H, B, T, hd)
        NDArray mixed = Fresh.plus(own, before.reshape(own.getShape())); // (H, B, T, hd)
        if (average == null || average.earlier() == null) return mixed;
        NDArray left = average.earlier().matMul(prefix.average(layer)).expandDims(1); // (KV, 1, T, hd)
        return mixed.add(perQueryHead(left)); // (H, B, T, hd)
    }

    /** Adds the weights of the moving average to the shares of attention: (H, B, T, T). */
    private NDArray averaging(NDArray shares) {
        return average == null ? shares : shares.add(average.own());
    }

    /** Splits heads: (B, T, n·hd) → (n, B, T, hd). */
    private NDArray heads(NDArray x, int n) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), n, architecture.sizes().headDim()) // (B, T, n, hd)
                .transpose(2, 0, 1, 3); // (n, B, T, hd)
    }

    /** Splits the queries or keys into heads and norms them, in the family's order: (B, T, n·hd) → (n, B, T, hd). */
    private NDArray normedHeads(Norm.@Nullable Scale scale, NDArray x, int n) {
        if (scale == null) return heads(x, n);
        Norm norm = architecture.norm();
        return architecture.queryKeyNorm() == QueryKeyNorm.WHOLE
                ? heads(norm.apply(scale, x), n)
                : norm.apply(scale, heads(x, n));
    }

    private NDArray capped(NDArray scores) {
        SoftCap cap = architecture.scaling().scoreCap();
        return cap == null ? scores : cap.apply(scores);
    }

    /** Repeats every key/value head for each of its query heads: (KV, ·, T, hd) → (H, ·, T, hd). */
    private NDArray perQueryHead(NDArray x) {
        int repeats = architecture.sizes().heads() / architecture.sizes().kvHeads();
        return repeats == 1 ? x : x.repeat(0, repeats);
    }

    /** Joins all rows that one key/value head serves: (H, B, T, n) → (KV, H/KV·B·T, n). */
    private static NDArray fold(NDArray x, long kvHeads) {
        Shape shape = x.getShape();
        return x.reshape(kvHeads, shape.get(0) / kvHeads * shape.get(1) * shape.get(2), shape.get(3));
    }
}
