package org.dualform.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Is told how a training goes. */
public interface TrainingListener {
    /**
     * A step that was measured.
     *
     * @param step the number of steps done
     * @param steps the number of steps of the whole training
     * @param loss the loss of the step
     * @param auxiliary the previous-token loss; NaN when it is no longer computed
     * @param secondsLeft an estimate from this process's own speed
     * @param tokensPerSecond the mean of this process so far
     * @param peakShare the share of the operations a second of a large matrix product that the training's products
     *     reach, 0 to 1
     */
    record Progress(
            int step,
            int steps,
            double loss,
            double auxiliary,
            double secondsLeft,
            double tokensPerSecond,
            double peakShare) {}

    default void progress(Progress progress) {}

    /** The accuracy by condition and shot count after {@code step} steps. */
    default void evaluated(int step, Map<String, Map<Integer, Double>> accuracy) {}

    /** The loss on held-out documents after {@code step} steps. */
    default void heldOut(int step, double loss) {}

    /** A line of the learning curve. Equal recipes give equal lines. */
    default void point(ObjectNode point) {}

    /** A training continues after {@code step} steps that were done before. */
    default void resumed(int step) {}
}
