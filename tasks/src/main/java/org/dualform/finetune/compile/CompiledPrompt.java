package org.dualform.finetune.compile;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Progress;
import org.dualform.finetune.train.Training;
import org.dualform.finetune.train.Tuned;
import org.dualform.finetune.update.Factored;
import org.dualform.finetune.update.NamedUpdate;
import org.dualform.finetune.update.Update;
import org.dualform.finetune.update.Vector;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.part.Norm;
import org.dualform.patch.Fit;
import org.dualform.patch.LayerPatch;
import org.dualform.patch.LowRank;
import org.dualform.patch.StaticPatch;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.jspecify.annotations.Nullable;

/**
 * Writes a cell's demonstrations into the feed-forward weights. Each demonstration is a query once, with all others as
 * its context, so that none is shown its own label. With one demonstration nothing is left to be a context, and the
 * weights stay as they are.
 *
 * <p>Legend: d width.
 */
public final class CompiledPrompt {
    private static final String READING = "reading demonstrations as queries";

    private final Decoder base;
    private final Fit fit;
    private final PromptSet prompts;

    public CompiledPrompt(Decoder base, Fit fit, PromptSet prompts) {
        this.base = base;
        this.fit = fit;
        this.prompts = prompts;
    }

    /** The number of contexts that are read. */
    public static long contexts(Collection<Integer> shots) {
        return new TreeSet<>(shots).stream().mapToLong(k -> k).sum();
    }

    /**
     * The changes for each of {@code shots}.
     *
     * @param owner owns the update's arrays
     * @param shots numbers between 1 and the number of demonstrations
     */
    public Tuned make(NDManager owner, Collection<Integer> shots, double learningRate, Progress progress) {
        Map<Integer, Map<String, Update>> totals = new TreeMap<>();
        Map<Integer, Training.Course> courses = new TreeMap<>();
        long all = contexts(shots);
        long start = System.nanoTime();
        long before = 0;
        for (int k : new TreeSet<>(shots)) {
            long begin = System.nanoTime();
            long finished = before;
            if (k == 1) progress.at(READING, finished + k, all);
            List<LayerPatch> layers = k == 1
                    ? List.of()
                    : StaticPatch.of(
                            owner,
                            base,
                            fit,
                            shown(k),
                            longs(prompts.context(0)),
                            done -> progress.at(READING, finished + done, all));
            totals.put(k, changes(owner, layers));
            courses.put(k, new Training.Course(List.of(), null, seconds(begin)));
            before += k;
        }
        return new Tuned(new NamedUpdate(totals), new Training(learningRate, 1, courses, seconds(start)));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private List<StaticPatch.Shown> shown(int shots) {
        List<StaticPatch.Shown> shown = new ArrayList<>();
        for (int i = 0; i < shots; i++) shown.add(new StaticPatch.Shown(others(i, shots), query(i)));
        return shown;
    }

    /** The context of the first demonstrations but one. */
    private long[] others(int left, int shots) {
        long[] all = longs(prompts.context(shots));
        int from = prompts.boundaries().get(left);
        int to = prompts.boundaries().get(left + 1);
        long[] others = new long[all.length - (to - from)];
        System.arraycopy(all, 0, others, 0, from);
        System.arraycopy(all, to, others, from, all.length - to);
        return others;
    }

    /** A demonstration up to its label. */
    private long[] query(int demonstration) {
        PromptSet.Demonstration shown = prompts.demonstrations().get(demonstration);
        int label = prompts.labels().get(shown.label()).ids().length();
        long[] whole = longs(shown.tuning());
        return Arrays.copyOfRange(whole, prompts.openingTokens(), whole.length - label);
    }

    private static long[] longs(TokenIds ids) {
        return Arrays.stream(ids.toArray()).asLongStream().toArray();
    }

    private Map<String, Update> changes(NDManager owner, List<LayerPatch> layers) {
        Map<String, Update> changes = new TreeMap<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            LayerPatch patch = layers.get(layer);
            String name = "layers." + layer + ".feed_forward";
            if (patch.gate() != null) changes.put(name + ".gate.weight", factored(patch.gate()));
            changes.put(name + ".up.weight", factored(patch.up()));
            changes.put(name + ".down.weight", factored(patch.down()));
            if (patch.outputWeight() != null) {
                Norm.Scale own = base.weights().layers().get(layer).feedForwardOutputNorm();
                changes.put(name + "_output_norm.weight", moved(owner, own, patch.outputWeight()));
            }
        }
        return changes;
    }

    private static Update factored(LowRank change) {
        return new Factored(change.left(), change.right(), List.of((int)
                change.left().getShape().get(0)));
    }

    /** The change of a norm's weights (d), as one step. */
    private static Update moved(NDManager owner, Norm.@Nullable Scale own, NDArray changed) {
        NDArray weight = Objects.requireNonNull(Objects.requireNonNull(own).weight());
        try (NoGrad off = new NoGrad()) {
            return new Vector(Probe.keep(owner, changed.sub(weight).expandDims(0))); // (1, d)
        }
    }
}
