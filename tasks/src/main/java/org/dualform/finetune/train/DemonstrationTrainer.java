package org.dualform.finetune.train;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.dualform.contract.Progress;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.ProjectionShape;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.model.Decoder;
import org.dualform.model.part.Architecture;
import org.dualform.model.part.LayerWeights;

/**
 * Fine-tunes the key and value projections as paper section 1.6 does: plain stochastic gradient descent, a demonstration a
 * step, in order; the loss is the mean negative log-likelihood over all tokens but the first; no dropout, no decay.
 *
 * <p>One training at a time in a JVM: the engine collects gradients for one caller.
 */
public final class DemonstrationTrainer {
    private final Decoder base;
    private final boolean layerCausal;

    public DemonstrationTrainer(Decoder base) {
        this(base, false);
    }

    /** @param layerCausal whether each layer learns from the loss at its own output, instead of the model's */
    public DemonstrationTrainer(Decoder base, boolean layerCausal) {
        this.base = base;
        this.layerCausal = layerCausal;
    }

    /** What training gave: what changed, and how it went. */
    public record Trained(KeyValueUpdate update, Training training) {}

    /**
     * The steps to take, and the size of what they leave.
     *
     * @param shots counts to train for, each between 1 and the number of sequences
     * @param passes over a count's demonstrations
     */
    public UpdatePlan plan(List<Sequence> sequences, Iterable<Integer> shots, int passes) {
        return UpdatePlan.of(sequences.stream().map(s -> s.ids().length()).toList(), shots, passes, shape());
    }

    /**
     * Takes the plan's steps. Divergence is a result: the counts it concerns are absent from the update.
     *
     * @param owner owns the update's arrays
     */
    public Trained train(
            NDManager owner, UpdatePlan plan, List<Sequence> sequences, double learningRate, Progress progress) {
        return train(owner, plan, sequences, learningRate, StepOnlooker.NONE, progress);
    }

    /** As above; {@code onlooker} sees the steps. */
    public Trained train(
            NDManager owner,
            UpdatePlan plan,
            List<Sequence> sequences,
            double learningRate,
            StepOnlooker onlooker,
            Progress progress) {
        try (TrainingRun run =
                new TrainingRun(owner, base, plan, sequences, learningRate, layerCausal, onlooker, progress)) {
            return run.train();
        }
    }

    private ProjectionShape shape() {
        Architecture.Sizes sizes = base.architecture().sizes();
        LayerWeights first = base.weights().layers().get(0);
        return new ProjectionShape(
                sizes.layers(),
                sizes.width(),
                sizes.kvWidth(),
                first.key().bias() != null,
                first.key().weight().getDataType().getNumOfBytes());
    }
}
