package org.dualform.finetune.train;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * How far a training's result depends on rounding. Where steps are too large, training is chaotic: each step multiplies
 * the differences that rounding leaves, and after some steps the weights, and the answers, are noise. It is found by a
 * second training whose learning rate is one rounding error larger.
 *
 * @param lossBefore the mean loss of the demonstrations before training, in nats
 * @param lossAfter the same after training; a loss above {@code lossBefore} is another sign of steps that are too large
 * @param growth the mean difference of the two trainings' losses, in rounding errors (2⁻²³) of the loss before
 * @param unstable whether errors grew so much that they multiply from step to step, and do not only add up
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Stability(double lossBefore, double lossAfter, double growth, boolean unstable) {
    /** One rounding error in single precision, as a share of the number. */
    static final double ROUNDING = Math.ulp(1f);

    /**
     * Growth from which a result counts as unstable. Where training goes well, rounding errors only add up, and growth
     * stays below 5 after eight steps.
     */
    private static final double LIMIT = 100;

    /** The same for each step, where there are many: errors that add up grow in proportion to the steps. */
    private static final double LIMIT_PER_STEP = 10;

    /**
     * Compares two trainings.
     *
     * @param before each demonstration's loss before training
     * @param steps the number of steps
     * @param after each demonstration's loss after training
     * @param nudged the same after the second training; empty if that diverged
     */
    public static Stability of(int steps, List<Double> before, List<Double> after, List<Double> nudged) {
        double lossBefore = mean(before);
        double difference = 0;
        for (int i = 0; i < nudged.size(); i++) difference += Math.abs(nudged.get(i) - after.get(i)) / nudged.size();
        double growth =
                nudged.isEmpty() || !Double.isFinite(difference) ? 1 / ROUNDING : difference / (ROUNDING * lossBefore);
        return new Stability(lossBefore, mean(after), growth, growth >= Math.max(LIMIT, LIMIT_PER_STEP * steps));
    }

    private static double mean(List<Double> losses) {
        return losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
    }
}
