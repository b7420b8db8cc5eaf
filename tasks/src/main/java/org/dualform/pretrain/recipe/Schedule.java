package org.dualform.pretrain.recipe;

/** The values that change from step to step: the learning rate and the weight of the auxiliary loss. */
public final class Schedule {
    private final Recipe recipe;

    public Schedule(Recipe recipe) {
        this.recipe = recipe;
    }

    /** The learning rate: linear warm-up, then constant, then linear to 0 over the last share of the steps. */
    public double learningRate(int step) {
        Recipe.Optimizer optimizer = recipe.optimizer();
        double warmup = Math.min(1, (step + 1.0) / Math.max(1, optimizer.warmupSteps()));
        double left = 1 - recipe.progress(step);
        double decay = optimizer.decayShare() == 0 ? 1 : Math.min(1, left / optimizer.decayShare());
        return optimizer.learningRate() * Math.min(warmup, decay);
    }

    /** The weight of the auxiliary loss; 0 without one. */
    public double auxiliaryWeight(int step) {
        Recipe.Auxiliary auxiliary = recipe.auxiliary();
        if (auxiliary == null) return 0;
        double share = recipe.progress(step) / auxiliary.until();
        return auxiliary.weight() * Math.max(0, 1 - share);
    }
}
