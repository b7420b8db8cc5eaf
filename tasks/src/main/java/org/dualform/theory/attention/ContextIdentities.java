package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.dualform.model.part.LayerWeights;
import org.dualform.theory.matrix.Matrix;
import org.dualform.theory.matrix.Vectors;
import org.dualform.theory.result.Measure;
import org.dualform.theory.result.Tally;

/**
 * What demonstrations do in one layer for the last token of a query: the paper's linear relaxation, (W_ZSL + ΔW_ICL) q,
 * and what softmax attention does exactly.
 *
 * <p>Legend: N columns of demonstrations that are seen, Z other columns that are seen, S all columns, KV key/value heads,
 * G query heads of each, H = KV·G, hd width of a head, d width.
 *
 * @param keys all columns', as they enter the product, (KV, S, hd)
 * @param values (KV, S, hd)
 * @param last the query's last token
 */
record ContextIdentities(int layer, NDArray keys, NDArray values, AttentionTrace.Layer last, Columns columns) {
    /** Measures the layer, if it sees any demonstration. Everything that is computed belongs to the caller's scope. */
    void measure(NDManager manager, LayerWeights weights, Tally tally) {
        if (columns.demonstrations().length == 0) return; // a sliding window hides all of them
        long kv = keys.getShape().get(0);
        long width = keys.getShape().get(2);
        NDArray q = last.query().reshape(kv, -1, width); // (KV, G, hd)
        NDArray demonstrations = manager.create(Columns.longs(columns.demonstrations())); // (N)
        NDArray others = manager.create(Columns.longs(columns.queryPart())); // (Z)
        NDArray linear = linear(q, at(keys, others), at(values, others)); // (KV, G, hd)
        NDArray change = at(values, demonstrations).transpose(0, 2, 1).matMul(at(keys, demonstrations)); // (KV, hd, hd)
        NDArray zeroShot = at(values, others).transpose(0, 2, 1).matMul(at(keys, others)); // (KV, hd, hd)
        NDArray together = linear.add(linear(q, at(keys, demonstrations), at(values, demonstrations)));
        NDArray changed = q.matMul(zeroShot.add(change).transpose(0, 2, 1)); // (KV, G, hd)
        for (int head = 0; head < kv; head++) {
            tally.add(
                    layer,
                    "key/value head " + head,
                    Measure.LINEAR_ICL,
                    Heads.residual(changed.get(head), together.get(head)));
        }
        NDArray mixed = mixture(kv, demonstrations, others, tally); // (KV, G, hd)
        NDArray joined = mixed.reshape(1, -1); // (1, H·hd)
        tally.add(layer, "", Measure.MIXTURE, Heads.residual(weights.output().apply(joined), last.output()));
        distances(Heads.of(mixed), Heads.of(together), tally);
    }

    /** Σ v_i (k_i · q): (KV, G, hd). */
    private static NDArray linear(NDArray q, NDArray k, NDArray v) {
        return q.matMul(k.transpose(0, 2, 1)).matMul(v);
    }

    /** (1 − λ) Attn(query part) + λ Attn(demonstrations), λ the softmax's mass on demonstrations: (KV, G, hd). */
    private NDArray mixture(long kv, NDArray demonstrations, NDArray others, Tally tally) {
        NDArray scores = last.scores().reshape(kv, last.scores().getShape().get(0) / kv, -1); // (KV, G, S)
        NDArray masses =
                scores.softmax(-1).get(new NDIndex(":, :, {}", demonstrations)).sum(new int[] {2}, true); // (KV, G, 1)
        double[] byHead = masses.toType(DataType.FLOAT64, false).toDoubleArray();
        for (int head = 0; head < byHead.length; head++) tally.add(layer, "head " + head, Measure.MASS, byHead[head]);
        NDArray ofQuery = attended(scores, others); // (KV, G, hd)
        NDArray ofDemonstrations = attended(scores, demonstrations); // (KV, G, hd)
        return ofQuery.mul(masses.neg().add(1)).add(ofDemonstrations.mul(masses));
    }

    /** The softmax over some columns alone, times their values: (KV, G, hd). */
    private NDArray attended(NDArray scores, NDArray some) {
        return scores.get(new NDIndex(":, :, {}", some)).softmax(-1).matMul(at(values, some));
    }

    /** √(1 − cos²), the distance of a head's output from the nearest multiple of the relaxed one, in its own length. */
    private void distances(List<Matrix> mixed, List<Matrix> linear, Tally tally) {
        for (int group = 0; group < mixed.size(); group++) {
            for (int g = 0; g < mixed.get(group).rows(); g++) {
                double cosine = Vectors.cosine(
                        mixed.get(group).row(g), linear.get(group).row(g));
                int head = group * mixed.get(group).rows() + g;
                tally.add(layer, "head " + head, Measure.RELAXATION, Math.sqrt(Math.max(0, 1 - cosine * cosine)));
            }
        }
    }

    /** Some columns: (KV, S, hd) → (KV, n, hd). */
    private static NDArray at(NDArray x, NDArray some) {
        return x.get(new NDIndex(":, {}", some));
    }
}
