package org.dualform.finetune;

import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Progress;
import org.dualform.finetune.compile.CompiledPrompt;
import org.dualform.finetune.train.DemonstrationTrainer;
import org.dualform.finetune.train.DenseRun;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.train.SequenceLoss;
import org.dualform.finetune.train.Stability;
import org.dualform.finetune.train.StepOnlooker;
import org.dualform.finetune.train.Tuned;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.model.Decoder;
import org.dualform.patch.Fit;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.arm.Tuning;

/**
 * Fine-tunes on a cell's demonstrations in any way that a {@link Tuning} names. The dual form is used where the change
 * has low rank; otherwise the gradients of the weights themselves are computed. A patch needs no gradients at all.
 */
public final class FineTuning {
    private final Decoder base;
    private final Tuning tuning;
    private final int passes;
    private final PromptSet prompts;
    private final List<Sequence> sequences;

    /** @param passes the number of passes over a shot count's demonstrations */
    public FineTuning(Decoder base, Tuning tuning, int passes, PromptSet prompts) {
        this.base = base;
        this.tuning = tuning;
        this.passes = passes;
        this.prompts = prompts;
        this.sequences =
                tuning.objective() == Tuning.Objective.LABEL ? Sequence.ofLabels(prompts) : Sequence.of(prompts);
    }

    /** The number of demonstrations there are. */
    public int demonstrations() {
        return sequences.size();
    }

    /** The number of forward and backward passes in all; where nothing is trained, of contexts that are read. */
    public long steps(Collection<Integer> shots) {
        if (tuning.patches()) return CompiledPrompt.contexts(shots);
        if (tuning.lowRank()) return plan(shots).steps();
        NavigableSet<Integer> counts = new TreeSet<>(shots);
        if (DenseRun.shared(tuning, passes)) return counts.last();
        return passes * counts.stream().mapToLong(k -> k).sum();
    }

    /** The bytes of an update that is kept as factors; empty if whole matrices are kept. */
    public OptionalLong updateBytes(Collection<Integer> shots) {
        return tuning.lowRank() ? OptionalLong.of(plan(shots).bytes()) : OptionalLong.empty();
    }

    /**
     * Trains for each of {@code shots}. Divergence is a result, not an error: the shot counts for which training
     * diverged are absent from the update.
     *
     * @param owner owns the update's arrays
     * @param shots numbers between 1 and the number of demonstrations
     */
    public Tuned train(NDManager owner, Collection<Integer> shots, double learningRate, Progress progress) {
        return train(owner, shots, learningRate, StepOnlooker.NONE, progress);
    }

    /** As above, with a trace that records the demonstrations' query vectors. */
    public Tuned train(
            NDManager owner, Collection<Integer> shots, double learningRate, QueryTrace trace, Progress progress) {
        return train(owner, shots, learningRate, trace.of(sequences), progress);
    }

    /**
     * Looks how far a training's result depends on rounding, by a second training at the next larger learning rate in
     * single precision.
     *
     * @param manager the parent of all memory used; nothing is left in it
     * @param update what was trained at {@code learningRate}
     * @param shots the shot counts to look at; those that diverged are absent from the result
     */
    public Map<Integer, Stability> stability(
            NDManager manager, WeightUpdate update, Collection<Integer> shots, double learningRate, Progress progress) {
        Map<Integer, Stability> found = new TreeMap<>();
        if (tuning.patches()) return found; // no rate, and no steps
        try (NDManager scope = manager.newSubManager()) {
            WeightUpdate nudged = train(scope, shots, Math.nextUp((float) learningRate), progress)
                    .update();
            List<Double> before = SequenceLoss.each(scope, base, sequences);
            for (int k : shots) {
                if (!update.shots().contains(k)) continue;
                int steps = k * passes;
                List<Double> ofThese = before.subList(0, k);
                found.put(k, Stability.of(steps, ofThese, losses(scope, update, k), losses(scope, nudged, k)));
            }
        }
        return found;
    }

    /** The losses of the first demonstrations after training on them; empty if it diverged. */
    private List<Double> losses(NDManager scope, WeightUpdate update, int shots) {
        if (!update.shots().contains(shots)) return List.of();
        try (TunedModel tuned = new TunedModel(scope, base, update, shots)) {
            return SequenceLoss.each(scope, tuned.decoder(), sequences.subList(0, shots));
        }
    }

    private Tuned train(
            NDManager owner, Collection<Integer> shots, double learningRate, StepOnlooker onlooker, Progress progress) {
        if (tuning.patches()) {
            Fit fit = tuning.objective() == Tuning.Objective.MEAN_PATCH ? Fit.MEAN : Fit.LEAST_SQUARES;
            return new CompiledPrompt(base, fit, prompts).make(owner, shots, learningRate, progress);
        }
        if (!tuning.lowRank()) {
            return new DenseRun(base, tuning, passes, sequences, learningRate, steps(shots), onlooker, progress)
                    .train(owner, new TreeSet<>(shots));
        }
        DemonstrationTrainer.Trained trained =
                trainer().train(owner, plan(shots), sequences, learningRate, onlooker, progress);
        return new Tuned(trained.update(), trained.training());
    }

    private UpdatePlan plan(Collection<Integer> shots) {
        return trainer().plan(sequences, shots, passes);
    }

    private DemonstrationTrainer trainer() {
        return new DemonstrationTrainer(base, tuning.objective() == Tuning.Objective.LAYER_CAUSAL);
    }
}
