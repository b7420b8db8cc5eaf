package org.dualform.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;

/** Measures how fast a model answers on this machine, so that a plan's tokens can be told as minutes. */
public final class SpeedProbe {
    private static final double LEAST_SECONDS = 1.0;
    private static final int LEAST_PASSES = 2;

    private SpeedProbe() {}

    /**
     * Repeats a forward pass for about a second, after one that does not count. As in scoring, the head is computed at
     * the last position of each row.
     *
     * @param rows the number of rows of a pass (B), as many as the tasks run at once
     * @param rowTokens the number of tokens of a row (T), as many as the queries have on average: short rows cost more
     *     for each token
     * @return tokens in a second of wall time; memory beyond the model's is that of one chunk of queries
     */
    public static double tokensPerSecond(LanguageModel model, int rows, int rowTokens) {
        try (NDManager manager = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            // Token 0 is in every vocabulary, and which token it is does not change the work.
            NDArray ids = manager.zeros(new Shape(rows, rowTokens), DataType.INT64); // (B, T)
            pass(model, manager, ids);
            long start = System.nanoTime();
            int passes = 0;
            double seconds = 0;
            while (passes < LEAST_PASSES || seconds < LEAST_SECONDS) {
                pass(model, manager, ids);
                passes++;
                seconds = (System.nanoTime() - start) / 1e9;
            }
            return (double) passes * rows * rowTokens / seconds;
        }
    }

    private static void pass(LanguageModel model, NDManager manager, NDArray ids) {
        try (NDManager call = manager.newSubManager()) {
            // Reading a value waits for a graphics processor.
            long rows = ids.getShape().get(0);
            long tokens = ids.getShape().get(1);
            long[] last =
                    LongStream.range(0, rows).map(b -> (b + 1) * tokens - 1).toArray();
            NDArray hidden = model.decoder().hiddenAt(call, ids, null, Probe.NONE, last); // (B, e)
            model.decoder().logits(call, hidden).flatten().getFloat(0);
        }
    }
}
