package org.dualform.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;

/**
 * What one forward over one prompt gives, by name. L layers, H heads, T tokens, d width, e width of the head's input, V
 * vocabulary.
 *
 * <ul>
 *   <li>{@code ids} (T)
 *   <li>{@code logits} (T, V)
 *   <li>{@code attn_out} (L, T, d), after the output projection with its bias, before the residual
 *   <li>{@code scores_last} (L, H, T), what enters the softmax for the last token; −∞ where it does not see
 *   <li>{@code resid} (L + 1, T, d), what enters each block, and what the last one leaves
 *   <li>{@code final} (T, e), what enters the head
 *   <li>{@code scores} and {@code attention} (L, H, T, T) if asked for: what enters and what leaves the softmax, −∞ and 0
 *       where a token does not see
 * </ul>
 */
public final class ForwardRecord {
    private ForwardRecord() {}

    /**
     * Runs one prompt.
     *
     * @param owner owns the arrays
     * @param attention whether {@code scores} and {@code attention} are wanted, which grow with the square of T
     */
    public static Map<String, NDArray> of(NDManager owner, Decoder decoder, long[] ids, boolean attention) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        try (NDManager call = owner.newSubManager();
                NoGrad off = new NoGrad()) {
            Recorder recorder = new Recorder(call, attention);
            NDArray hidden = decoder.hidden(call, TokenBatch.row(call, ids), null, recorder); // (1, T, e)
            tensors.put("ids", call.create(ids));
            tensors.put("logits", decoder.logits(call, hidden).squeeze(0)); // (T, V)
            tensors.put("attn_out", NDArrays.stack(recorder.outputs)); // (L, T, d)
            tensors.put("scores_last", NDArrays.stack(recorder.lastScores)); // (L, H, T)
            tensors.put("resid", NDArrays.stack(recorder.residuals)); // (L + 1, T, d)
            tensors.put("final", hidden.squeeze(0)); // (T, e)
            if (attention) {
                NDArray scores = NDArrays.stack(recorder.scores); // (L, H, T, T)
                tensors.put("scores", scores);
                tensors.put("attention", scores.softmax(-1)); // (L, H, T, T)
            }
            tensors.values().forEach(tensor -> tensor.attach(owner));
        }
        return tensors;
    }

    /** The named tensors of several prompts, as {@code prompt.0.logits}. */
    public static Map<String, NDArray> ofAll(
            NDManager owner, Decoder decoder, List<long[]> prompts, boolean attention) {
        Map<String, NDArray> all = new LinkedHashMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            String at = "prompt." + i + ".";
            of(owner, decoder, prompts.get(i), attention).forEach((name, tensor) -> all.put(at + name, tensor));
        }
        return all;
    }

    /** Copies what it sees, without the batch axis. */
    private static final class Recorder implements Probe {
        private final NDManager owner;
        private final boolean attention;
        private final NDList outputs = new NDList();
        private final NDList lastScores = new NDList();
        private final NDList residuals = new NDList();
        private final NDList scores = new NDList();

        Recorder(NDManager owner, boolean attention) {
            this.owner = owner;
            this.attention = attention;
        }

        @Override
        public void residual(int layer, NDArray x) {
            residuals.add(copy(x.squeeze(0))); // (T, d)
        }

        @Override
        public void attentionOutput(int layer, NDArray a) {
            outputs.add(copy(a.squeeze(0))); // (T, d)
        }

        @Override
        public boolean seesScores() {
            return true;
        }

        @Override
        public void scores(int layer, NDArray rows) {
            lastScores.add(copy(rows.get("0, :, {}", rows.getShape().get(2) - 1))); // (H, T)
            if (attention) scores.add(copy(rows.squeeze(0))); // (H, T, T)
        }

        private NDArray copy(NDArray x) {
            return Probe.keep(owner, x.duplicate());
        }
    }
}
