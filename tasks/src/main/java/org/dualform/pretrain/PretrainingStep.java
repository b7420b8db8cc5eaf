package org.dualform.pretrain;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import org.dualform.model.part.function.Scaled;

/**
 * Computes the losses and gradients of a batch. Everything it makes is freed before it returns.
 *
 * <p>Legend: B batch, T tokens, d width.
 */
final class PretrainingStep {
    /**
     * @param loss the next-token loss
     * @param auxiliary the previous-token loss; NaN if its weight is 0
     */
    record Losses(double loss, double auxiliary) {}

    private final TrainableModel model;
    private final Engine engine = Engine.getEngine("PyTorch");

    PretrainingStep(TrainableModel model) {
        this.model = model;
    }

    /**
     * Adds the gradients of {@code (loss + auxiliaryWeight · auxiliary) / batches} to the parameters' gradients.
     *
     * @param batches the number of batches whose gradients make one step
     */
    Losses backward(NDManager call, PretrainingBatch batch, double auxiliaryWeight, int batches) {
        try (NDScope scope = new NDScope();
                GradientCollector collector = engine.newGradientCollector()) {
            scope.suppressNotUsedWarning();
            Objective objective = new Objective(call, model.decoder(), batch);
            if (auxiliaryWeight == 0) {
                NDArray hidden = model.decoder().hidden(call, batch.inputs()); // (B, T, d)
                NDArray loss = objective.nextToken(hidden);
                collector.backward(share(loss, batches));
                return new Losses(loss.getFloat(), Double.NaN);
            }
            AfterFirstAttention probe = new AfterFirstAttention(call);
            NDArray hidden = model.decoder().hidden(call, batch.inputs(), null, probe); // (B, T, d)
            NDArray loss = objective.nextToken(hidden);
            NDArray auxiliary = objective.previousTokens(probe.residual(), model.auxiliary());
            collector.backward(share(loss.add(Scaled.times(auxiliary, auxiliaryWeight)), batches));
            return new Losses(loss.getFloat(), auxiliary.getFloat());
        }
    }

    private static NDArray share(NDArray loss, int batches) {
        return batches == 1 ? loss : Scaled.times(loss, 1.0 / batches);
    }
}
