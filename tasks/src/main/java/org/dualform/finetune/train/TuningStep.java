package org.dualform.finetune.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.dualform.finetune.update.KeyValueUpdate.Layer;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;

/**
 * One forward and backward pass over one sequence.
 *
 * @param loss the mean negative log-likelihood in nats, before the step
 * @param changes the changes of the step by layer, not yet applied
 */
record TuningStep(double loss, List<Layer> changes) {
    /**
     * Takes a step.
     *
     * @param owner owns the changes
     * @param layerCausal whether each layer learns from the loss at its own output, computed with the frozen final norm
     *     and head; the reported loss is the last layer's, which is the model's
     * @param onlooker sees the forward pass
     */
    static TuningStep take(
            NDManager owner,
            Decoder decoder,
            Sequence sequence,
            double learningRate,
            boolean bias,
            boolean layerCausal,
            Probe onlooker) {
        try (NDManager pass = owner.newSubManager()) {
            var leaves = new ProjectionLeaves(pass, bias, onlooker);
            double loss;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                loss = layerCausal
                        ? backwardByLayer(pass, decoder, sequence, leaves, collector)
                        : backward(SequenceLoss.of(pass, decoder, sequence, leaves), collector);
            }
            if (!Double.isFinite(loss)) {
                return new TuningStep(loss, List.of());
            }
            try (NoGrad off = new NoGrad()) {
                return new TuningStep(loss, leaves.changes(owner, learningRate));
            }
        }
    }

    private static double backward(NDArray mean, GradientCollector collector) {
        double loss = mean.toType(DataType.FLOAT64, false).getDouble();
        if (Double.isFinite(loss)) {
            collector.backward(mean);
        }
        return loss;
    }

    private static double backwardByLayer(
            NDManager pass, Decoder decoder, Sequence sequence, ProjectionLeaves leaves, GradientCollector collector) {
        var cut = new LayerCausal(pass, leaves);
        SequenceLoss.of(pass, decoder, sequence, cut);
        double loss = Double.NaN;
        // Layer by layer, because the logits of all layers together could take more memory than the model.
        for (NDArray output : cut.outputs()) {
            try (NDManager layer = pass.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                loss = backward(SequenceLoss.of(layer, decoder, sequence, decoder.headInput(output)), collector);
            }
        }
        return loss;
    }
}
