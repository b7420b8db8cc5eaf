package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.dualform.model.ForwardingProbe;
import org.dualform.model.Probe;

/**
 * Keeps what attention computed in one pass of one sequence, layer by layer.
 *
 * <p>Legend: T tokens of the pass, S columns with the prefix's, H query heads, KV key/value heads, hd width of a head, d
 * width.
 */
public final class AttentionTrace extends ForwardingProbe {
    /**
     * One layer.
     *
     * @param input the residual stream that enters the block, (1, T, d)
     * @param keys as they enter the product, (KV, T, hd)
     * @param values (KV, T, hd)
     * @param query the last token's, rotated and not scaled, (H, hd)
     * @param scores the last token's, as they enter the softmax, (H, S)
     * @param output the last token's, after the output projection, (1, d)
     */
    public record Layer(NDArray input, NDArray keys, NDArray values, NDArray query, NDArray scores, NDArray output) {}

    private final NDManager owner;
    private final List<NDArray> inputs = new ArrayList<>();
    private final List<NDArray> keys = new ArrayList<>();
    private final List<NDArray> values = new ArrayList<>();
    private final List<NDArray> queries = new ArrayList<>();
    private final List<NDArray> scores = new ArrayList<>();
    private final List<NDArray> outputs = new ArrayList<>();

    /** @param owner owns what is kept */
    public AttentionTrace(NDManager owner, Probe next) {
        super(next);
        this.owner = owner;
    }

    /** A layer, after the pass. */
    public Layer layer(int i) {
        return new Layer(inputs.get(i), keys.get(i), values.get(i), queries.get(i), scores.get(i), outputs.get(i));
    }

    /** The residual stream that entered each block, (1, T, d). */
    public List<NDArray> inputs() {
        return List.copyOf(inputs);
    }

    @Override
    public NDArray entering(int layer, NDArray x) {
        NDArray entering = super.entering(layer, x);
        inputs.add(copy(entering));
        return entering;
    }

    @Override
    public void rotatedQueries(int layer, NDArray q) {
        super.rotatedQueries(layer, q);
        queries.add(copy(q.get("0, :, -1"))); // (H, hd)
    }

    @Override
    public void keysAndValues(int layer, NDArray k, NDArray v) {
        super.keysAndValues(layer, k, v);
        keys.add(copy(k.squeeze(0))); // (KV, T, hd)
        values.add(copy(v.squeeze(0))); // (KV, T, hd)
    }

    @Override
    public void scores(int layer, NDArray all) {
        super.scores(layer, all);
        scores.add(copy(all.get("0, :, -1"))); // (H, S)
    }

    @Override
    public void attentionOutput(int layer, NDArray a) {
        super.attentionOutput(layer, a);
        outputs.add(copy(a.get(":, -1"))); // (1, d)
    }

    private NDArray copy(NDArray x) {
        return Probe.keep(owner, x.duplicate());
    }
}
