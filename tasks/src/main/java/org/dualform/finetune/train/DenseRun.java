package org.dualform.finetune.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.dualform.contract.Progress;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.Update;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.optimise.Adam;
import org.dualform.optimise.Descent;
import org.dualform.spec.arm.Tuning;
import org.jspecify.annotations.Nullable;

/**
 * Trains with the gradients of the weights themselves, for changes without a low rank: Adam, full batches, all weights,
 * or one layer. One pass with one demonstration for each step serves all shot counts. Otherwise each shot count is
 * trained on its own, from the base.
 */
public final class DenseRun {
    private final Decoder base;
    private final Tuning tuning;
    private final int passes;
    private final List<Sequence> sequences;
    private final double learningRate;
    private final StepOnlooker onlooker;
    private final Progress progress;
    private final long total;
    private long done;
    private @Nullable Divergence divergence;

    public DenseRun(
            Decoder base,
            Tuning tuning,
            int passes,
            List<Sequence> sequences,
            double learningRate,
            long total,
            StepOnlooker onlooker,
            Progress progress) {
        this.onlooker = onlooker;
        this.base = base;
        this.tuning = tuning;
        this.passes = passes;
        this.sequences = sequences;
        this.learningRate = learningRate;
        this.total = total;
        this.progress = progress;
    }

    /** Whether one training serves all shot counts. */
    public static boolean shared(Tuning tuning, int passes) {
        return passes == 1 && !tuning.fullBatch();
    }

    public Tuned train(NDManager owner, NavigableSet<Integer> counts) {
        var totals = new TreeMap<Integer, Map<String, Update>>();
        var courses = new TreeMap<Integer, Training.Course>();
        long start = System.nanoTime();
        if (shared(tuning, passes)) course(owner, counts, totals, courses);
        else for (int count : counts) course(owner, new java.util.TreeSet<>(List.of(count)), totals, courses);
        progress.at("fine-tuning", total, total);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Tuned(new NamedUpdate(totals), new Training(learningRate, passes, courses, seconds));
    }

    /** Trains from the base up to the last of {@code counts}, and keeps the totals at each of them. */
    private void course(
            NDManager owner,
            NavigableSet<Integer> counts,
            Map<Integer, Map<String, Update>> totals,
            Map<Integer, Training.Course> courses) {
        int last = counts.last();
        long start = System.nanoTime();
        try (NDManager scratch = owner.newSubManager();
                TrainableWeights weights = new TrainableWeights(scratch, base.weights(), tuning)) {
            Descent descent = tuning.adam() ? new Adam(scratch, learningRate) : Descent.plain(learningRate);
            Decoder decoder = new Decoder(base.architecture(), weights.tuned());
            var losses = new ArrayList<Double>();
            Integer divergedAt = null;
            for (List<Sequence> batch : batches(last)) {
                if (divergedAt == null) {
                    double loss = step(scratch, weights, decoder, descent, batch, losses.size() + 1);
                    losses.add(loss);
                    if (divergence(loss).at(loss) || !weights.isFinite()) divergedAt = losses.size();
                }
                int demonstrations = tuning.fullBatch() || passes > 1 ? last : losses.size();
                boolean end = passes == 1 || losses.size() == passes * (tuning.fullBatch() ? 1 : last);
                if (divergedAt == null && end && counts.contains(demonstrations)) {
                    totals.put(demonstrations, weights.totals(owner));
                    courses.put(demonstrations, new Training.Course(losses, null, seconds(start)));
                }
            }
            for (int count : counts) {
                if (!courses.containsKey(count)) {
                    courses.put(count, new Training.Course(losses, divergedAt, seconds(start)));
                }
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The sequences of each step. */
    private List<List<Sequence>> batches(int count) {
        List<Sequence> first = sequences.subList(0, count);
        var batches = new ArrayList<List<Sequence>>();
        for (int pass = 0; pass < passes; pass++) {
            if (tuning.fullBatch()) batches.add(first);
            else first.forEach(sequence -> batches.add(List.of(sequence)));
        }
        return batches;
    }

    /** Takes one step by the mean gradient of a batch. Returns the batch's mean loss before the step. */
    private double step(
            NDManager scratch,
            TrainableWeights weights,
            Decoder decoder,
            Descent descent,
            List<Sequence> batch,
            int number) {
        try (NDManager pass = scratch.newSubManager()) {
            var sums = new HashMap<String, NDArray>();
            double loss = 0;
            for (Sequence sequence : batch) {
                progress.at("fine-tuning", done, total);
                loss += gradients(pass, weights, decoder, sequence, sums);
                done++;
            }
            loss /= batch.size();
            if (!Double.isFinite(loss)) return loss;
            try (NoGrad off = new NoGrad()) {
                weights.parameters().forEach((name, parameter) -> {
                    NDArray sum = sums.get(name);
                    if (sum != null) descent.step(name, sum.divi(batch.size()), parameter.change(), number);
                });
            }
            weights.refresh();
            return loss;
        }
    }

    /** Adds the gradients of one sequence's loss to {@code sums}. Returns the loss. */
    private double gradients(
            NDManager pass, TrainableWeights weights, Decoder decoder, Sequence sequence, Map<String, NDArray> sums) {
        weights.clearGradients();
        double loss;
        try (NDManager forward = pass.newSubManager();
                NDScope scope = new NDScope();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            scope.suppressNotUsedWarning();
            NDArray mean = SequenceLoss.of(forward, decoder, sequence, onlooker.step(sequence));
            loss = mean.toType(DataType.FLOAT64, false).getDouble();
            if (!Double.isFinite(loss)) return loss;
            collector.backward(mean);
        }
        try (NoGrad off = new NoGrad()) {
            weights.parameters().forEach((name, parameter) -> {
                if (!parameter.tuned().hasGradient()) return; // nothing uses this weight
                try (NDArray gradient = parameter.gradient()) {
                    NDArray sum = sums.get(name);
                    if (sum == null) sums.put(name, Probe.keep(pass, gradient.duplicate()));
                    else sum.addi(gradient);
                }
            });
        }
        return loss;
    }

    private Divergence divergence(double loss) {
        if (divergence == null) {
            divergence = new Divergence(loss, base.architecture().sizes().vocabulary());
        }
        return divergence;
    }
}
