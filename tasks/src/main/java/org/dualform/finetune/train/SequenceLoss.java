package org.dualform.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;

/**
 * The mean negative log-likelihood of a sequence's tokens, in nats.
 *
 * <p>Legend: T tokens, F position of the first token that counts, d width, V vocabulary.
 */
public final class SequenceLoss {
    private SequenceLoss() {}

    /** The loss of each sequence, in nats, without a gradient. */
    public static List<Double> each(NDManager manager, Decoder decoder, List<Sequence> sequences) {
        List<Double> losses = new ArrayList<>();
        try (NoGrad off = new NoGrad()) {
            for (Sequence sequence : sequences) {
                try (NDManager pass = manager.newSubManager()) {
                    losses.add((double) of(pass, decoder, sequence, Probe.NONE).getFloat());
                }
            }
        }
        return losses;
    }

    /** The loss at the model's own output, after a forward pass that {@code probe} sees. */
    static NDArray of(NDManager pass, Decoder decoder, Sequence sequence, Probe probe) {
        NDArray hidden = decoder.hidden(pass, TokenBatch.row(pass, ids(sequence)), null, probe); // (1, T, d)
        return of(pass, decoder, sequence, hidden);
    }

    /** The loss at hidden states (1, T, d) after the final norm. */
    static NDArray of(NDManager pass, Decoder decoder, Sequence sequence, NDArray hidden) {
        long[] ids = ids(sequence);
        NDArray predicting = hidden.get(new NDIndex("0, {}:{}", sequence.lossFrom() - 1, ids.length - 1)); // (T - F, d)
        NDArray logits = decoder.logits(pass, predicting); // (T - F, V)
        long[] next = Arrays.copyOfRange(ids, sequence.lossFrom(), ids.length);
        NDArray targets = pass.create(next, new Shape(next.length, 1)); // (T - F, 1)
        return logits.logSoftmax(-1).gather(targets, 1).mean().neg();
    }

    private static long[] ids(Sequence sequence) {
        return Arrays.stream(sequence.ids().toArray()).asLongStream().toArray();
    }
}
