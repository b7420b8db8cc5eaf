package org.dualform.pretrain;

import java.util.Map;

/** Is told how a training goes. */
public interface TrainingListener {
    /**
     * A measured step.
     *
     * @param step steps done
     * @param steps steps of the whole training
     * @param loss the step's loss
     * @param auxiliary the previous-token loss; NaN where it is no longer computed
     * @param secondsLeft estimate from this process's own speed
     * @param tokensPerSecond of this process so far
     */
    record Progress(int step, int steps, double loss, double auxiliary, double secondsLeft, double tokensPerSecond) {}

    default void progress(Progress progress) {}

    /** Accuracy by condition and shots after {@code step} steps. */
    default void evaluated(int step, Map<String, Map<Integer, Double>> accuracy) {}

    /** A training goes on after {@code step} steps that were done before. */
    default void resumed(int step) {}
}
