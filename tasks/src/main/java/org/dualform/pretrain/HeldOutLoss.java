package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import java.util.List;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.pretrain.tokens.TokenSource;

/**
 * The loss on documents that are never trained on, the same ones each time: the mean negative log-likelihood of a token,
 * in nats, weighted as in training. Its exponential is the perplexity.
 *
 * <p>Legend: B documents of a batch, T tokens that are predicted, d width.
 *
 * @param rows the number of documents
 */
public record HeldOutLoss(TokenSource tokens, int rows) {
    /** Documents of one forward pass. */
    private static final int BATCH = 16;

    /** @param length the number of tokens of each document */
    public double of(NDManager manager, Decoder decoder, int length) {
        double sum = 0;
        double weights = 0;
        try (NoGrad off = new NoGrad()) {
            for (int from = 0; from < rows; from += BATCH) {
                int count = Math.min(BATCH, rows - from);
                List<Double> part = batch(manager, decoder, from, count, length);
                sum += part.get(0);
                weights += part.get(1);
            }
        }
        return sum / weights;
    }

    /** The weighted sum of losses, and the sum of weights. */
    private List<Double> batch(NDManager manager, Decoder decoder, int from, int count, int length) {
        try (NDManager call = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            PretrainingBatch batch =
                    PretrainingBatch.of(call, count, length, row -> tokens.heldOut(from + row, rows, length));
            NDArray hidden = decoder.hidden(call, batch.inputs()); // (B, T, d)
            double mean = new Objective(call, decoder, batch).nextToken(hidden).getFloat();
            double weights = batch.weights().sum().getFloat();
            return List.of(mean * weights, weights);
        }
    }
}
