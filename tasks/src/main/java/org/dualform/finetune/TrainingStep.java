package org.dualform.finetune;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import org.dualform.finetune.KeyValueUpdate.Layer;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;

/**
 * One forward and backward pass over one sequence.
 *
 * @param loss mean negative log-likelihood in nats, before the step
 * @param changes what the step changes, by layer; not yet applied
 */
record TrainingStep(double loss, List<Layer> changes) {
    /** Takes a step; {@code owner} owns the changes. Legend: T tokens, F first token with a loss, V vocabulary. */
    static TrainingStep take(NDManager owner, Decoder decoder, Sequence sequence, double learningRate, boolean bias) {
        try (NDManager pass = owner.newSubManager()) {
            var leaves = new ProjectionLeaves(pass, bias);
            double loss;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray mean = loss(pass, decoder, sequence, leaves);
                loss = mean.toType(DataType.FLOAT64, false).getDouble();
                if (Double.isFinite(loss)) {
                    collector.backward(mean);
                }
            }
            if (!Double.isFinite(loss)) {
                return new TrainingStep(loss, List.of());
            }
            try (NoGrad off = new NoGrad()) {
                return new TrainingStep(loss, leaves.changes(owner, learningRate));
            }
        }
    }

    private static NDArray loss(NDManager pass, Decoder decoder, Sequence sequence, ProjectionLeaves leaves) {
        long[] ids = Arrays.stream(sequence.ids().toArray()).asLongStream().toArray();
        NDArray hidden = decoder.hidden(pass, TokenBatch.row(pass, ids), null, leaves); // (1, T, d)
        NDArray predicting = hidden.get(new NDIndex("0, {}:{}", sequence.lossFrom() - 1, ids.length - 1)); // (T - F, d)
        NDArray logits = decoder.logits(pass, predicting); // (T - F, V)
        long[] next = Arrays.copyOfRange(ids, sequence.lossFrom(), ids.length);
        NDArray targets = pass.create(next, new Shape(next.length, 1)); // (T - F, 1)
        return logits.logSoftmax(-1).gather(targets, 1).mean().neg();
    }
}
