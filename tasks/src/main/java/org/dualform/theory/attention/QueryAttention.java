package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.theory.matrix.Matrix;
import org.dualform.theory.matrix.OuterProducts;
import org.dualform.theory.result.Tally;
import org.jspecify.annotations.Nullable;

/**
 * All layers' attention of one query, in each setting.
 *
 * <p>Legend: P columns of the context, T of the query, KV key/value heads, G query heads of each, hd width of a head.
 *
 * @param decoder the model with its own weights
 * @param opening the number of tokens before the first demonstration, which zero-shot has too
 * @param contextTokens P
 * @param context the pass of the context
 * @param inContext the pass of the query after it
 * @param zeroShot the pass of opening and query
 * @param tuned the same with tuned weights, at the same inputs; null if nothing was tuned
 * @param change the same with the change alone as weights; null where keys are not affine in the input
 */
public record QueryAttention(
        Decoder decoder,
        int opening,
        int contextTokens,
        AttentionTrace context,
        AttentionTrace inContext,
        AttentionTrace zeroShot,
        @Nullable AttentionTrace tuned,
        @Nullable AttentionTrace change) {

    /** Measures every layer. */
    public void measure(NDManager manager, Tally tally, ChangeComparison comparison) {
        for (int layer = 0; layer < decoder.architecture().sizes().layers(); layer++) {
            try (NoGrad off = new NoGrad();
                    NDManager own = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                layer(own, layer, tally, comparison);
            }
        }
    }

    private void layer(NDManager manager, int layer, Tally tally, ChangeComparison comparison) {
        AttentionTrace.Layer before = context.layer(layer);
        AttentionTrace.Layer icl = inContext.layer(layer);
        NDArray keys = joined(before.keys(), icl.keys()); // (KV, P + T, hd)
        NDArray values = joined(before.values(), icl.values()); // (KV, P + T, hd)
        Columns columns = Columns.of(icl.scores(), opening, contextTokens);
        new ContextIdentities(layer, keys, values, icl, columns)
                .measure(manager, decoder.weights().layers().get(layer), tally);
        if (tuned == null) return;
        AttentionTrace.Layer base = zeroShot.layer(layer);
        AttentionTrace.Layer after = tuned.layer(layer);
        int tokens = (int) base.keys().getShape().get(1);
        Columns zeroShotColumns = Columns.of(base.scores(), opening, opening);
        new TuningIdentities(layer, base, after, change == null ? null : change.layer(layer))
                .measure(manager, zeroShotColumns, tally);
        if (columns.demonstrations().length == 0) return;
        Frame far = frame(contextTokens, contextTokens + tokens - opening);
        Frame near = frame(opening, tokens);
        List<Matrix> k = Heads.of(far.turn(manager, layer, keys)); // (P + T, hd) each
        List<Matrix> v = Heads.of(values);
        List<Matrix> baseKeys = Heads.of(near.turn(manager, layer, base.keys())); // (opening + T, hd) each
        List<Matrix> tunedKeys = Heads.of(near.turn(manager, layer, after.keys()));
        List<Matrix> baseValues = Heads.of(base.values());
        List<Matrix> tunedValues = Heads.of(after.values());
        List<Matrix> q = Heads.of(grouped(far.turn(manager, layer, icl.query()), k.size())); // (G, hd) each
        List<Matrix> ownQ = Heads.of(grouped(near.turn(manager, layer, base.query()), k.size()));
        int[] demonstrations = columns.demonstrations();
        int[] part = zeroShotColumns.queryPart();
        for (int head = 0; head < k.size(); head++) {
            OuterProducts ofContext = new OuterProducts(
                    v.get(head).rows(demonstrations), k.get(head).rows(demonstrations));
            OuterProducts ft = new OuterProducts(
                            tunedValues.get(head).rows(part),
                            tunedKeys.get(head).rows(part))
                    .minus(new OuterProducts(
                            baseValues.get(head).rows(part), baseKeys.get(head).rows(part)));
            comparison.add(layer, head, ofContext, demonstrations[0], ft, q.get(head), ownQ.get(head));
        }
    }

    private Frame frame(int start, int length) {
        return new Frame(decoder.architecture().rotaries().at(length), start);
    }

    private static NDArray grouped(NDArray q, int kvHeads) {
        return q.reshape(kvHeads, -1, q.getShape().get(1)); // (KV, G, hd)
    }

    private static NDArray joined(NDArray before, NDArray own) {
        return before.getNDArrayInternal().concat(new NDList(own), 1);
    }
}
