package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import org.dualform.contract.UserException;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Rotary;
import org.dualform.model.part.Weights;
import org.jspecify.annotations.Nullable;

/**
 * A causal decoder over given weights. It has no state: what a forward makes belongs to the call, so threads may share
 * one decoder. Gradients flow to every weight and every array a {@link Probe} puts in that asks for them; wrap
 * inference in {@link NoGrad}.
 *
 * <p>B batch, T tokens of this call, P tokens of the prefix, S = P + T, d width, V vocabulary, H heads, KV key/value
 * heads, hd head dimension.
 */
public record Decoder(Architecture architecture, Weights weights) {
    /** The hidden states of whole sequences, without prefix or probe. */
    public NDArray hidden(NDManager results, NDArray ids) {
        return hidden(results, ids, null, Probe.NONE);
    }

    /**
     * Runs the blocks and the final norm.
     *
     * @param results owns the result; everything else the call makes is freed
     * @param ids (B, T), INT64; a ragged batch is padded on the right (any valid id; later columns are never seen)
     * @param prefix what comes before column 0 of every row, or null
     * @return (B, T, d), the input of the head
     * @throws UserException if an id is outside the vocabulary or the sequence is longer than the model's positions
     */
    public NDArray hidden(NDManager results, NDArray ids, @Nullable PrefixCache prefix, Probe probe) {
        int start = prefix == null ? 0 : prefix.tokens();
        int length = Math.toIntExact(ids.getShape().get(1));
        check(ids, start + length);
        try (NDManager call = results.newSubManager();
                NDScope scope = new NDScope()) {
            DataType type = weights.tokens().getDataType();
            Rotary rotary = architecture.rotary();
            Attention attention = new Attention(
                    architecture,
                    rotary == null ? null : rotary.angles(call, start, length, type),
                    Attention.causalMask(call, length, type),
                    probe);
            NDArray x = embed(call, ids, start); // (B, T, d)
            for (int layer = 0; layer < architecture.sizes().layers(); layer++) {
                x = block(call, attention, layer, x, prefix, probe); // (B, T, d)
            }
            probe.residual(architecture.sizes().layers(), x);
            return Probe.keep(results, finalNorm(x)); // (B, T, d)
        }
    }

    /** The final norm of a residual stream (…, d), which {@link #hidden} ends with; the caller's scope owns the result. */
    public NDArray finalNorm(NDArray x) {
        return architecture.norm().apply(weights.finalNorm(), x);
    }

    /**
     * The head's logits. Choose positions first: a head over 50,000 tokens costs more than several blocks.
     *
     * @param hidden (…, d), rows of what {@link #hidden} gave
     * @return (…, V), owned by {@code results}
     */
    public NDArray logits(NDManager results, NDArray hidden) {
        try (NDScope scope = new NDScope()) {
            return Probe.keep(results, weights.head().apply(hidden)); // (…, V)
        }
    }

    private NDArray embed(NDManager call, NDArray ids, int start) {
        NDArray table = weights.tokens();
        NDArray x = table.getNDArrayInternal()
                .embedding(ids, table, SparseFormat.DENSE)
                .head(); // (B, T, d)
        NDArray positions = weights.positions();
        if (positions != null) {
            x = x.add(positions.get("{}:{}", start, start + ids.getShape().get(1))); // (B, T, d)
        }
        return Probe.keep(call, x);
    }

    private NDArray block(
            NDManager call, Attention attention, int layer, NDArray stream, @Nullable PrefixCache prefix, Probe probe) {
        try (NDScope scope = new NDScope()) {
            LayerWeights w = weights.layers().get(layer);
            NDArray x = probe.entering(layer, stream); // (B, T, d)
            probe.residual(layer, x);
            NDArray normed = architecture.norm().apply(w.attentionNorm(), x); // (B, T, d)
            NDArray attended = attention.apply(layer, w, normed, prefix); // (B, T, d)
            probe.attentionOutput(layer, attended);
            NDArray middle = x.add(attended); // (B, T, d)
            probe.afterAttention(layer, middle);
            NDArray inner = architecture.norm().apply(w.feedForwardNorm(), middle); // (B, T, d)
            NDArray out = middle.add(w.feedForward().apply(architecture.activation(), inner)); // (B, T, d)
            return Probe.keep(call, out);
        }
    }

    private void check(NDArray ids, int sequence) {
        int longest = architecture.sizes().positions();
        if (sequence > longest) {
            throw UserException.data("The model has " + longest + " positions, and a sequence has " + sequence
                    + " tokens: use fewer or shorter demonstrations.");
        }
        int vocabulary = architecture.sizes().vocabulary();
        for (long id : ids.toLongArray()) {
            if (id < 0 || id >= vocabulary) {
                throw UserException.data("Token id " + id + " is outside the model's vocabulary of " + vocabulary
                        + ": the tokenizer belongs to another model.");
            }
        }
    }
}
