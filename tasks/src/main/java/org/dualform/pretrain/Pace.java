package org.dualform.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.dualform.pretrain.recipe.Recipe;

/**
 * Estimates how fast this process trains, when it will be done, and what share of the machine's matrix products it
 * reaches.
 */
final class Pace {
    /** The width of the square matrices whose product is the peak. */
    private static final int PEAK = 1024;

    private static final int TRIES = 3;

    private final Recipe recipe;
    private final TrainableModel model;
    private final double peak;
    private final long started;
    private final long tokensAtStart;

    /** @param done the number of steps done before this process started */
    Pace(Recipe recipe, TrainableModel model, int done) {
        this.recipe = recipe;
        this.model = model;
        this.tokensAtStart = recipe.tokensBefore(done);
        this.peak = peak(model.manager());
        this.started = System.nanoTime();
    }

    /** Floating-point operations a second of the fastest of a few products. */
    private static double peak(NDManager manager) {
        double best = 0;
        try (NDManager own = manager.newSubManager()) {
            NDArray a = own.ones(new Shape(PEAK, PEAK));
            NDArray b = own.ones(new Shape(PEAK, PEAK));
            for (int i = 0; i < TRIES; i++) {
                long before = System.nanoTime();
                try (NDArray product = a.matMul(b)) {
                    product.getFloat(0, 0); // waits for the product on a device that computes by itself
                }
                best = Math.max(best, 2e9 * PEAK * PEAK * PEAK / (System.nanoTime() - before));
            }
        }
        return best;
    }

    TrainingListener.Progress progress(int steps, MeanLoss mean) {
        double seconds = (System.nanoTime() - started) / 1e9;
        long tokens = recipe.tokensBefore(steps);
        double perSecond = (tokens - tokensAtStart) / seconds;
        double left = (recipe.tokensBefore(recipe.steps()) - tokens) / perSecond;
        double share = perSecond * model.operations(recipe.phase(steps - 1).length()) / peak;
        return new TrainingListener.Progress(
                steps, recipe.steps(), mean.loss(), mean.auxiliary(), left, perSecond, share);
    }
}
