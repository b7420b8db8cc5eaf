package org.dualform.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;

/** Measures how fast a model answers on this machine, so that a plan's tokens can be told as minutes. */
public final class SpeedProbe {
    /** Tokens of a row, as many as a short query has. */
    public static final int ROW_TOKENS = 32;

    private static final double LEAST_SECONDS = 1.0;
    private static final int LEAST_PASSES = 2;

    private SpeedProbe() {}

    /**
     * Repeats a forward pass for about a second, after one that does not count.
     *
     * @param rows the number of rows of a pass, as many as the tasks run at once
     * @return tokens in a second of wall time; memory beyond the model's is that of one chunk of queries
     */
    public static double tokensPerSecond(LanguageModel model, int rows) {
        try (NDManager manager = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            // Token 0 is in every vocabulary, and which token it is does not change the work.
            NDArray ids = manager.zeros(new Shape(rows, ROW_TOKENS), DataType.INT64); // (B, T)
            pass(model, manager, ids);
            long start = System.nanoTime();
            int passes = 0;
            double seconds = 0;
            while (passes < LEAST_PASSES || seconds < LEAST_SECONDS) {
                pass(model, manager, ids);
                passes++;
                seconds = (System.nanoTime() - start) / 1e9;
            }
            return (double) passes * rows * ROW_TOKENS / seconds;
        }
    }

    private static void pass(LanguageModel model, NDManager manager, NDArray ids) {
        try (NDManager call = manager.newSubManager()) {
            // Reading a value waits for a graphics processor.
            model.decoder().hidden(call, ids).flatten().getFloat(0);
        }
    }
}
