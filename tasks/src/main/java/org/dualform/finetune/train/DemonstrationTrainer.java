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
 * Fine-tunes the key and value projections as Dai et al. 2022 (arXiv:2212.10559) do: plain stochastic gradient descent
 * with one demonstration for each step, in order. The loss is the mean negative log-likelihood of all tokens but the
 * first. There is no dropout and no weight decay.
 *
 * <p>One training can run in a JVM at a time, because the engine collects gradients for one caller only.
 */
public final class DemonstrationTrainer {
    private final Decoder base;
    private final boolean layerCausal;

    public DemonstrationTrainer(Decoder base) {
        this(base, false);
    }

    /** @param layerCausal whether each layer learns from the loss at its own output instead of the model's */
    public DemonstrationTrainer(Decoder base, boolean layerCausal) {
        this.base = base;
        this.layerCausal = layerCausal;
    }

    /** The result of training: the change of the weights, and how training went. */
    public record Trained(KeyValueUpdate update, Training training) {}

    /**
     * The steps to take, and the size of the update they leave.
     *
     * @param shots the shot counts to train for, each between 1 and the number of sequences
     * @param passes the number of passes over a shot count's demonstrations
     */
    public UpdatePlan plan(List<Sequence> sequences, Iterable<Integer> shots, int passes) {
        return UpdatePlan.of(sequences.stream().map(s -> s.ids().length()).toList(), shots, passes, shape());
    }

    /**
     * Takes the steps of a plan. Divergence is a result, not an error: the shot counts for which training diverged are
     * absent from the update.
     *
     * @param owner owns the update's arrays
     */
    public Trained train(
            NDManager owner, UpdatePlan plan, List<Sequence> sequences, double learningRate, Progress progress) {
        return train(owner, plan, sequences, learningRate, StepOnlooker.NONE, progress);
    }

    /** As above, with an onlooker that sees the steps. */
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
