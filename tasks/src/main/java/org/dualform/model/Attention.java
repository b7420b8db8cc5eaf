package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.Norm;
import org.dualform.model.part.QueryKeyNorm;
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
        NDArray scores = scores(layer, scaled, k, prefix); // (H, B, T, S)
        probe.scores(layer, scores.swapAxes(0, 1));
        NDArray mixed = mix(layer, scores.softmax(-1), v, prefix); // (H, B, T, hd)
        Shape shape = x.getShape();
        NDArray joined = mixed.transpose(1, 2, 0, 3) // (B, T, H, hd)
                .reshape(shape.get(0), shape.get(1), sizes.queryWidth()); // (B, T, H·hd)
        return w.output().apply(joined); // (B, T, d)
    }

    private NDArray scores(int layer, NDArray q, NDArray k, PrefixCache.@Nullable Form prefix) {
        NDArray own = capped(q.matMul(perQueryHead(k).swapAxes(2, 3))); // (H, B, T, T)
        Mask mask = masks.get(layer);
        if (mask.own() != null) own = own.add(mask.own());
        if (prefix == null) return own;
        NDArray keys = prefix.keys(layer); // (KV, P, hd)
        NDArray before = capped(fold(q, keys.getShape().get(0)).matMul(keys.swapAxes(1, 2))); // (KV, H/KV·B·T, P)
        Shape rows = q.getShape();
        before = before.reshape(rows.get(0), rows.get(1), rows.get(2), prefix.tokens()); // (H, B, T, P)
        if (mask.prefix() != null) before = before.add(mask.prefix());
        return before.getNDArrayInternal().concat(new NDList(own), 3); // (H, B, T, S)
    }

    private NDArray mix(int layer, NDArray shares, NDArray v, PrefixCache.@Nullable Form prefix) {
        if (prefix == null) return averaging(shares).matMul(perQueryHead(v)); // (H, B, T, hd)
        NDList parts = shares.split(new long[] {prefix.tokens()}, 3); // (H, B, T, P), (H, B, T, T)
        NDArray values = prefix.values(layer); // (KV, P, hd)
        NDArray before = fold(parts.get(0), values.getShape().get(0)).matMul(values); // (KV, H/KV·B·T, hd)
        NDArray own = averaging(parts.get(1)).matMul(perQueryHead(v)); // (H, B, T, hd)
        NDArray mixed = own.add(before.reshape(own.getShape())); // (H, B, T, hd)
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
