package org.dualform.finetune.train;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.contract.Progress;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.KeyValueUpdate.Layer;
import org.dualform.finetune.update.SegmentFactors;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.model.Decoder;
import org.jspecify.annotations.Nullable;

/** Takes the steps of a plan, segment by segment. Meanwhile it holds the running total of the change. */
final class TrainingRun implements AutoCloseable {
    /**
     * How a segment went.
     *
     * @param losses the losses of its steps, up to the step that diverged
     */
    private record Outcome(List<Double> losses, boolean diverged, double seconds) {}

    private final NDManager owner;
    private final NDManager scratch;
    private final UpdatePlan plan;
    private final List<Sequence> sequences;
    private final double learningRate;
    private final boolean layerCausal;
    private final StepOnlooker onlooker;
    private final Progress progress;
    private final RunningChange change;
    private final Decoder tuned;
    private final Map<Integer, List<Layer>> kept = new TreeMap<>();
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();
    private @Nullable Divergence divergence;
    private int done;

    TrainingRun(
            NDManager owner,
            Decoder base,
            UpdatePlan plan,
            List<Sequence> sequences,
            double learningRate,
            boolean layerCausal,
            StepOnlooker onlooker,
            Progress progress) {
        this.onlooker = onlooker;
        this.layerCausal = layerCausal;
        this.owner = owner;
        this.plan = plan;
        this.sequences = sequences;
        this.learningRate = learningRate;
        this.progress = progress;
        scratch = owner.newSubManager();
        change = new RunningChange(scratch, base.weights());
        tuned = new Decoder(base.architecture(), change.tuned());
    }

    DemonstrationTrainer.Trained train() {
        int at = UpdatePlan.BASE;
        for (int i = 0; i < plan.segments().size(); i++) {
            int parent = plan.segments().get(i).parent();
            if (parent != UpdatePlan.BASE && diverged(parent)) {
                done += plan.segments().get(i).steps().size();
                outcomes.put(i, new Outcome(List.of(), true, 0));
                continue;
            }
            if (at != parent) {
                change.restart(plan.path(parent).stream()
                        .map(s -> Objects.requireNonNull(kept.get(s)))
                        .toList());
            }
            run(i);
            at = i;
        }
        return new DemonstrationTrainer.Trained(new KeyValueUpdate(plan, kept), training());
    }

    /** Trains one segment from the current total on. */
    private void run(int index) {
        UpdatePlan.Segment segment = plan.segments().get(index);
        var losses = new ArrayList<Double>();
        long start = System.nanoTime();
        try (NDManager steps = scratch.newSubManager()) {
            var changes = new ArrayList<List<Layer>>();
            boolean diverged = false;
            for (int i = 0; i < segment.steps().size() && !diverged; i++) {
                progress.at("fine-tuning", done, plan.steps());
                try (NDManager pass = steps.newSubManager()) {
                    Sequence sequence = sequences.get(segment.steps().get(i));
                    TuningStep step = TuningStep.take(
                            segment.dense() ? pass : steps,
                            tuned,
                            sequence,
                            learningRate,
                            plan.shape().bias(),
                            layerCausal,
                            onlooker.step(sequence));
                    losses.add(step.loss());
                    diverged = divergence(step.loss()).at(step.loss());
                    if (!diverged) {
                        change.add(step.changes());
                        changes.add(step.changes());
                    }
                }
                done++;
            }
            diverged |= !change.isFinite();
            if (!diverged) {
                kept.put(index, segment.dense() ? change.copy(owner) : SegmentFactors.join(owner, changes));
            }
            outcomes.put(index, new Outcome(losses, diverged, (System.nanoTime() - start) / 1e9));
        }
        progress.at("fine-tuning", done, plan.steps());
    }

    private Divergence divergence(double loss) {
        if (divergence == null) {
            divergence = new Divergence(loss, tuned.architecture().sizes().vocabulary());
        }
        return divergence;
    }

    private boolean diverged(int segment) {
        return Objects.requireNonNull(outcomes.get(segment)).diverged();
    }

    private Training training() {
        var courses = new TreeMap<Integer, Training.Course>();
        for (int i = 0; i < plan.segments().size(); i++) {
            if (plan.segments().get(i).shots() > 0) {
                courses.put(plan.segments().get(i).shots(), course(i));
            }
        }
        double seconds =
                outcomes.values().stream().mapToDouble(Outcome::seconds).sum();
        return new Training(learningRate, plan.passes(), courses, seconds);
    }

    /** The course of all steps from the base to the end of {@code segment}. */
    private Training.Course course(int segment) {
        var losses = new ArrayList<Double>();
        double seconds = 0;
        for (int i : plan.ancestry(segment)) {
            Outcome outcome = Objects.requireNonNull(outcomes.get(i));
            losses.addAll(outcome.losses());
            seconds += outcome.seconds();
        }
        return new Training.Course(losses, diverged(segment) ? losses.size() : null, seconds);
    }

    @Override
    public void close() {
        scratch.close();
    }
}
