package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.dualform.theory.result.Measure;
import org.dualform.theory.result.Tally;
import org.jspecify.annotations.Nullable;

/**
 * What fine-tuning of W_K and W_V does in one layer at fixed inputs: (W_ZSL + ΔW_FT) q, with ΔW_FT = M(tuned) − M(base)
 * and M = Σ v_i ⊗ k_i over the query part; and its three terms, V ΔKᵀ + ΔV Kᵀ + ΔV ΔKᵀ, where keys are affine in the
 * input. A norm of keys makes them not affine: the change of a key is then no function of the change of W_K alone.
 *
 * <p>Legend: Z columns that the last token sees, KV key/value heads, G query heads of each, hd width of a head.
 *
 * @param base with the model's own weights
 * @param tuned with the tuned ones, at the same inputs
 * @param change with the change alone in the place of the weights; null where keys are not affine in the input
 */
record TuningIdentities(
        int layer, AttentionTrace.Layer base, AttentionTrace.Layer tuned, AttentionTrace.@Nullable Layer change) {
    /** Measures the layer. Everything that is computed belongs to the caller's scope. */
    void measure(NDManager manager, Columns columns, Tally tally) {
        NDArray seen = manager.create(Columns.longs(columns.queryPart())); // (Z)
        long kv = base.keys().getShape().get(0);
        NDArray q = base.query().reshape(kv, -1, base.query().getShape().get(1)); // (KV, G, hd)
        NDArray before = weight(base.values(), base.keys(), seen); // (KV, hd, hd)
        NDArray after = weight(tuned.values(), tuned.keys(), seen); // (KV, hd, hd)
        NDArray attended =
                q.matMul(at(tuned.keys(), seen).transpose(0, 2, 1)).matMul(at(tuned.values(), seen)); // (KV, G, hd)
        NDArray changed = q.matMul(before.add(after.sub(before)).transpose(0, 2, 1)); // (KV, G, hd)
        NDArray terms = change == null
                ? null
                : weight(base.values(), change.keys(), seen)
                        .add(weight(change.values(), base.keys(), seen))
                        .add(weight(change.values(), change.keys(), seen)); // (KV, hd, hd)
        for (int head = 0; head < kv; head++) {
            String part = "key/value head " + head;
            tally.add(layer, part, Measure.LINEAR_FT, Heads.residual(changed.get(head), attended.get(head)));
            if (terms != null) {
                tally.add(
                        layer,
                        part,
                        Measure.THREE_TERMS,
                        Heads.residual(before.add(terms).get(head), after.get(head)));
            }
        }
    }

    /** Σ v_i ⊗ k_i over some columns: (KV, hd, hd). */
    private static NDArray weight(NDArray values, NDArray keys, NDArray seen) {
        return at(values, seen).transpose(0, 2, 1).matMul(at(keys, seen));
    }

    private static NDArray at(NDArray x, NDArray seen) {
        return x.get(new NDIndex(":, {}", seen)); // (KV, Z, hd)
    }
}
