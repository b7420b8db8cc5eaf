package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.dualform.contract.UserException;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Momentum;
import org.dualform.model.part.Norm;
import org.dualform.model.part.Positions;
import org.dualform.model.part.Weights;
import org.dualform.model.part.function.Rotaries;
import org.dualform.model.part.function.Scaled;
import org.jspecify.annotations.Nullable;

/**
 * A causal decoder with given weights.
 *
 * <p>It has no state: everything that a forward pass makes belongs to the call, so several threads may share one
 * decoder. Gradients flow to every weight that asks for them, and to every such array that a {@link Probe} puts in;
 * wrap inference in {@link NoGrad}.
 *
 * <p>In a few models the rotary positions depend on the length of the whole sequence ({@link Rotaries}). A call then
 * counts as a sequence of P + T tokens, in every row; {@link #forLength} gives a decoder for another length.
 *
 * <p>Legend: B batch, T tokens of this call, P tokens of the prefix, S = P + T, d width, V vocabulary, H query heads,
 * KV key/value heads, hd width of a head, R positions that are read, e width of the embedding (equal to d in all but a
 * few models).
 */
public record Decoder(Architecture architecture, Weights weights) {
    /**
     * The decoder for calls that compute parts of a whole sequence: its prefix, or a row of a batch whose longest row
     * is longer.
     *
     * @param tokens the length of the whole sequence
     */
    public Decoder forLength(int tokens) {
        Rotaries rotaries = architecture.rotaries();
        return rotaries.longer() == null ? this : new Decoder(architecture.withRotaries(rotaries.at(tokens)), weights);
    }

    /** The hidden states of whole sequences, without a prefix or a probe. */
    public NDArray hidden(NDManager results, NDArray ids) {
        return hidden(results, ids, null, Probe.NONE);
    }

    /**
     * Runs all blocks, the final norm and, where there is one, the projection to the head's width.
     *
     * @param results owns the result; everything else that the call makes is freed
     * @param ids (B, T), INT64; shorter sequences are padded on the right with any valid id, since no token sees later
     *     columns
     * @param prefix what precedes column 0 of every row, or null
     * @param probe sees the arrays of the call
     * @return (B, T, e), the input of the head
     * @throws UserException if an id is outside the vocabulary, or the sequence is longer than the model's positions
     * @throws IllegalArgumentException if the prefix was computed for sequences of other lengths alone
     */
    public NDArray hidden(NDManager results, NDArray ids, @Nullable PrefixCache prefix, Probe probe) {
        return hidden(results, ids, prefix, probe, null);
    }

    /**
     * As {@link #hidden(NDManager, NDArray, PrefixCache, Probe)}, at some positions only. At the other positions the
     * last block's feed-forward part and everything after it are left out, since these mix no tokens.
     *
     * @param positions R indices into the batch, whose rows are laid end to end (B·T)
     * @return (R, e), the input of the head at these positions
     */
    public NDArray hiddenAt(
            NDManager results, NDArray ids, @Nullable PrefixCache prefix, Probe probe, long... positions) {
        return hidden(results, ids, prefix, probe, positions);
    }

    private NDArray hidden(
            NDManager results, NDArray ids, @Nullable PrefixCache prefix, Probe probe, long @Nullable [] positions) {
        int start = prefix == null ? 0 : prefix.tokens();
        int length = Math.toIntExact(ids.getShape().get(1));
        check(ids, start + length);
        try (NDManager call = results.newSubManager();
                NDScope scope = new NDScope()) {
            DataType type = weights.tokens().getDataType();
            Rotaries rotaries = architecture.rotaries().at(start + length);
            PrefixCache.Form before = prefix == null ? null : prefix.form(rotaries);
            Attention attention = new Attention(
                    architecture,
                    rotaries.turns(call, start, length, type),
                    Mask.byLayer(call, architecture, start, length, type),
                    average(call, start, length, type),
                    probe);
            NDArray x = embed(call, ids, start); // (B, T, d)
            int last = architecture.sizes().layers() - 1;
            NDArray earlier = null; // the stream that entered the block before, (B, T, d), if it is used again
            for (int layer = 0; layer <= last; layer++) {
                NDArray stream = x;
                NDArray entered = probe.entering(layer, stream); // (B, T, d)
                NDArray rows = layer == last && positions != null ? call.create(positions) : null; // (R)
                x = block(
                        call, attention, layer, entered, earlier, before, probe, rows); // (B, T, d), in the end (R, d)
                // Freed now unless a probe kept it or the next block needs it. Streams that lived until the end of
                // the call would fragment the memory.
                if (entered != stream || !carries()) release(call, stream);
                if (earlier != null) release(call, earlier);
                earlier = carries() ? entered : null;
            }
            probe.residual(last + 1, x);
            return Probe.keep(results, headInput(x)); // (B, T, e) or (R, e)
        }
    }

    private static void release(NDManager call, NDArray stream) {
        if (stream.getManager() == call) stream.close();
    }

    /** Whether what a block added is added again, in part, after the next one. */
    private boolean carries() {
        Momentum momentum = architecture.momentum();
        return momentum != null && !momentum.averagesValues();
    }

    private Momentum.@Nullable Shares average(NDManager call, int start, int tokens, DataType type) {
        Momentum momentum = architecture.momentum();
        return momentum == null || !momentum.averagesValues() ? null : momentum.shares(call, start, tokens, type);
    }

    /**
     * The last part of {@link #hidden}: the final norm of a residual stream (…, d), then the projection to the head's
     * width if there is one.
     *
     * @return (…, e), owned by the caller's scope
     */
    public NDArray headInput(NDArray x) {
        NDArray y = norm(weights.finalNorm(), x); // (…, d)
        return weights.projectOut() == null ? y : weights.projectOut().apply(y); // (…, e)
    }

    /**
     * The logits of the head. Choose positions first: a head over 50,000 tokens costs more than several blocks.
     *
     * @param hidden (…, e), rows that {@link #hidden} returned
     * @return (…, V), owned by {@code results}
     */
    public NDArray logits(NDManager results, NDArray hidden) {
        try (NDScope scope = new NDScope()) {
            NDArray logits = architecture.ends().logits(weights.head().apply(hidden)); // (…, V)
            return Probe.keep(results, logits);
        }
    }

    private NDArray embed(NDManager call, NDArray ids, int start) {
        NDArray table = weights.tokens();
        NDArray x = table.getNDArrayInternal()
                .embedding(ids, table, SparseFormat.DENSE)
                .head(); // (B, T, e)
        double scale = architecture.ends().embeddingScale();
        if (scale != 1) x = Scaled.times(x, scale); // (B, T, e)
        if (weights.projectIn() != null) x = weights.projectIn().apply(x); // (B, T, d)
        Positions positions = weights.positions();
        if (positions != null) {
            x = x.add(positions.rows(start, ids.getShape().get(1))); // (B, T, d)
        }
        return Probe.keep(call, norm(weights.embeddingNorm(), x)); // (B, T, d)
    }

    /**
     * Runs one block.
     *
     * @param x the stream that enters it, (B, T, d)
     * @param earlier the stream that entered the block before, (B, T, d), or null if nothing of it is carried on
     * @param rows the positions that are fed forward and returned; null for all of them
     */
    private NDArray block(
            NDManager call,
            Attention attention,
            int layer,
            NDArray x,
            @Nullable NDArray earlier,
            PrefixCache.@Nullable Form prefix,
            Probe probe,
            @Nullable NDArray rows) {
        try (NDScope scope = new NDScope()) {
            LayerWeights w = weights.layers().get(layer);
            BinaryOperator<NDArray> attend = (base, seen) -> {
                NDArray attended = attention.apply(layer, w, seen, prefix); // (B, T, d)
                probe.attentionOutput(layer, attended);
                NDArray sum = base.add(added(w.attentionOutputNorm(), attended)); // (B, T, d)
                probe.afterAttention(layer, sum);
                return sum;
            };
            UnaryOperator<NDArray> part =
                    seen -> added(w.feedForwardOutputNorm(), w.feedForward().apply(architecture.activation(), seen));
            BinaryOperator<NDArray> feed = (base, seen) -> base.add(probe.feedForward(layer, base, seen, part));
            probe.residual(layer, x);
            NDArray out = switch (architecture.residual()) { // (B, T, d) or (R, d)
                case PRE_NORM, OUTPUT_NORM, SANDWICH_NORM -> {
                    NDArray middle = at(rows, attend.apply(x, norm(w.attentionNorm(), x))); // (B, T, d) or (R, d)
                    yield feed.apply(middle, norm(w.feedForwardNorm(), middle));
                }
                case POST_NORM -> {
                    NDArray middle = norm(w.attentionNorm(), at(rows, attend.apply(x, x))); // (B, T, d) or (R, d)
                    yield norm(w.feedForwardNorm(), feed.apply(middle, middle));
                }
                case NORMED -> {
                    NDArray seen = norm(w.attentionNorm(), x); // (B, T, d)
                    NDArray middle =
                            norm(w.feedForwardNorm(), at(rows, attend.apply(seen, seen))); // (B, T, d) or (R, d)
                    yield feed.apply(middle, middle);
                }
                case PARALLEL -> {
                    NDArray seen = norm(w.attentionNorm(), x); // (B, T, d)
                    NDArray inner = w.feedForwardNorm() == null ? seen : norm(w.feedForwardNorm(), x); // (B, T, d)
                    yield feed.apply(at(rows, attend.apply(x, seen)), at(rows, inner));
                }
            };
            if (earlier == null) return Probe.keep(call, out);
            Momentum momentum = Objects.requireNonNull(architecture.momentum());
            return Probe.keep(call, momentum.carry(out, at(rows, x), at(rows, earlier)));
        }
    }

    /** What a part adds to the residual stream: its output, normed and scaled where the family does so. */
    private NDArray added(Norm.@Nullable Scale outputNorm, NDArray output) {
        NDArray normed = norm(outputNorm, output);
        double scale = architecture.scaling().residual();
        return scale == 1 ? normed : Scaled.times(normed, scale);
    }

    /** Chooses rows: (B, T, d) → (R, d). Without {@code rows} the whole array is returned. */
    private static NDArray at(@Nullable NDArray rows, NDArray x) {
        if (rows == null) return x;
        return x.reshape(-1, x.getShape().get(2)).get(new NDIndex("{}", rows)); // (R, d)
    }

    private NDArray norm(Norm.@Nullable Scale scale, NDArray x) {
        return scale == null ? x : architecture.norm().apply(scale, x);
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
