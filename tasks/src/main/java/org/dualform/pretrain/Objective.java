package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.dualform.model.Decoder;
import org.dualform.model.part.function.Scaled;

/**
 * What training minimises. It is the weighted mean of the next token's negative log-likelihood and, at the start, an
 * auxiliary loss: the residual stream after the first block's attention has to predict the tokens just before. The
 * auxiliary loss makes heads look back by a fixed distance; without it, learning in context does not start in a model
 * of this size.
 *
 * <p>Legend: B batch, T tokens, d width, V vocabulary, N = B·T.
 */
final class Objective {
    private final NDManager manager;
    private final Decoder decoder;
    private final PretrainingBatch batch;

    /** @param manager owns what is computed */
    Objective(NDManager manager, Decoder decoder, PretrainingBatch batch) {
        this.manager = manager;
        this.decoder = decoder;
        this.batch = batch;
    }

    /**
     * The next-token loss.
     *
     * @param hidden the final hidden states, (B, T, d)
     * @return a scalar
     */
    NDArray nextToken(NDArray hidden) {
        NDArray losses = negativeLogLikelihood(hidden, batch.targets()); // (N)
        NDArray weights = batch.weights().flatten(); // (N)
        return losses.mul(weights).sum().div(weights.sum());
    }

    /**
     * The auxiliary loss.
     *
     * @param residual the residual stream after the first block's attention, (B, T, d)
     * @param matrices a matrix (d, d) for each offset, the number of tokens to look back
     * @return a scalar: the mean over offsets, and over the positions that have such a token
     */
    NDArray previousTokens(NDArray residual, Map<Integer, NDArray> matrices) {
        NDArray sum = manager.create(0f);
        for (Map.Entry<Integer, NDArray> entry : matrices.entrySet()) {
            int offset = entry.getKey();
            NDArray later = residual.get(":, " + offset + ":"); // (B, T-offset, d)
            NDArray asked = later.getNDArrayInternal()
                    .linear(later, entry.getValue(), null)
                    .singletonOrThrow(); // (B, T-offset, d)
            NDArray earlier = batch.inputs().get(":, :-" + offset); // (B, T-offset)
            sum = sum.add(negativeLogLikelihood(asked, earlier).mean());
        }
        return Scaled.times(sum, 1.0 / matrices.size());
    }

    private NDArray negativeLogLikelihood(NDArray states, NDArray targets) {
        NDArray logits =
                decoder.logits(manager, states.reshape(-1, states.getShape().get(2))); // (N, V)
        NDArray picked = logits.logSoftmax(-1).gather(targets.reshape(-1, 1), 1); // (N, 1)
        return picked.neg().flatten(); // (N)
    }
}
