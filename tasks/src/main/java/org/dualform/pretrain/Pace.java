package org.dualform.pretrain;

import org.dualform.pretrain.recipe.Recipe;

/** Estimates how fast this process trains, and when it will be done. */
final class Pace {
    private final Recipe recipe;
    private final long started = System.nanoTime();
    private final long tokensAtStart;

    /** @param done the number of steps done before this process started */
    Pace(Recipe recipe, int done) {
        this.recipe = recipe;
        this.tokensAtStart = recipe.tokensBefore(done);
    }

    TrainingListener.Progress progress(int steps, MeanLoss mean) {
        double seconds = (System.nanoTime() - started) / 1e9;
        long tokens = recipe.tokensBefore(steps);
        double perSecond = (tokens - tokensAtStart) / seconds;
        double left = (recipe.tokensBefore(recipe.steps()) - tokens) / perSecond;
        return new TrainingListener.Progress(steps, recipe.steps(), mean.loss(), mean.auxiliary(), left, perSecond);
    }
}
