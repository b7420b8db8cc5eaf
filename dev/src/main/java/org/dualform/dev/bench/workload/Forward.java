package org.dualform.dev.bench.workload;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.prompt.TokenIds;

/**
 * Runs one forward pass over one sequence, and frees all arrays afterwards. Shapes: T tokens, V vocabulary, d width, R
 * rows.
 */
public final class Forward {
    private Forward() {}

    /** Computes the head at the last token, with its softmax. */
    public static void last(LanguageModel model, TokenIds sequence) {
        run(model, sequence, "0, {}:", sequence.length() - 1);
    }

    /** Computes the head at every token, as software without a cache does for each query. */
    public static void everywhere(LanguageModel model, TokenIds sequence) {
        run(model, sequence, "0, {}:", 0);
    }

    /** Computes the head at every token that predicts another, as the forward pass of a training step does. */
    public static void predicting(LanguageModel model, TokenIds sequence) {
        run(model, sequence, "0, :{}", sequence.length() - 1);
    }

    private static void run(LanguageModel model, TokenIds sequence, String positions, int bound) {
        long[] ids = Arrays.stream(sequence.toArray()).asLongStream().toArray();
        try (NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            NDArray rows = hidden.get(new NDIndex(positions, bound)); // (R, d)
            model.decoder().logits(call, rows).logSoftmax(-1); // (R, V)
        }
    }
}
