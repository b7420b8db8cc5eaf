package org.dualform.theory;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Progress;
import org.dualform.finetune.TunedModel;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.Update;
import org.dualform.model.Decoder;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;
import org.dualform.patch.ContextPatch;
import org.dualform.patch.FedRows;
import org.dualform.patch.LayerPatch;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.theory.attention.AttentionTrace;
import org.dualform.theory.attention.ChangeComparison;
import org.dualform.theory.attention.FixedInputs;
import org.dualform.theory.attention.QueryAttention;
import org.dualform.theory.matrix.Vectors;
import org.dualform.theory.patch.PatchSpectra;
import org.dualform.theory.result.Measure;
import org.dualform.theory.result.Spectrum;
import org.dualform.theory.result.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Measures the theory in a decoder, a query at a time: the identities of attention, how alike ΔW_ICL and ΔW_FT are, and
 * the context as patches of weights.
 *
 * <p>Legend: P tokens of the context, T of a query, V vocabulary.
 */
public final class DualFormMeasurement {
    private final Decoder decoder;
    private final Setting setting;
    private final Progress progress;
    private final Tally tally = new Tally();
    private final ChangeComparison comparison = new ChangeComparison(tally);
    private final long[] opening;
    private final long[] context;

    private DualFormMeasurement(Decoder decoder, Setting setting, Progress progress) {
        this.decoder = decoder;
        this.setting = setting;
        this.progress = progress;
        PromptSet prompts = setting.prompts();
        this.opening = longs(prompts.context(0));
        this.context = longs(prompts.context(setting.shots()));
    }

    /**
     * Measures all queries.
     *
     * @param manager the parent of all memory used; nothing is left in it
     * @throws org.dualform.contract.UserException if patches were asked for, and a block cannot be patched
     */
    public static Measured of(NDManager manager, Decoder decoder, Setting setting, Progress progress) {
        try (NDManager all = manager.newSubManager()) {
            return new DualFormMeasurement(decoder, setting, progress).measured(all);
        }
    }

    /** Whether keys are affine in a layer's input: whether no norm comes between W_K and the product. */
    public static boolean keysAffine(Decoder decoder) {
        return decoder.weights().layers().stream().allMatch(layer -> layer.keyNorm() == null);
    }

    /**
     * The decoders that give keys and values of the query part.
     *
     * @param tuned with tuned projections
     * @param change with what changed in them alone; null where keys are not affine in the input
     */
    private record Projections(Decoder tuned, @Nullable Decoder change) {}

    private Measured measured(NDManager all) {
        List<PromptSet.Query> queries = setting.prompts().queries();
        KeyValueUpdate update = Tuned.keyValue(all, decoder, setting, progress);
        List<List<LayerPatch>> patches = new ArrayList<>();
        int longest =
                queries.stream().mapToInt(query -> query.ids().length()).max().orElse(1);
        Decoder whole = decoder.forLength(context.length + longest);
        Decoder alone = decoder.forLength(opening.length + longest);
        AttentionTrace before = new AttentionTrace(all, Probe.NONE);
        try (PrefixCache cache = PrefixCache.prefill(whole, all, context, before);
                PrefixCache none = PrefixCache.prefill(alone, all, opening)) {
            if (update == null) {
                each(all, queries, whole, alone, cache, none, before, null, patches);
            } else {
                try (TunedModel tuned = new TunedModel(all, alone, update, setting.shots())) {
                    Decoder change = keysAffine(decoder)
                            ? new Decoder(
                                    alone.architecture(),
                                    ChangeAlone.of(all, decoder.weights(), update, setting.shots()))
                            : null;
                    Projections projections = new Projections(tuned.decoder(), change);
                    each(all, queries, whole, alone, cache, none, before, projections, patches);
                }
            }
        }
        Tuned.AllWeights full =
                setting.patches() && setting.allWeights() ? Tuned.allWeights(all, decoder, setting, progress) : null;
        List<Spectrum> spectra = new ArrayList<>(comparison.spectra());
        spectra.addAll(new PatchSpectra(patches)
                .measure(all, decoder.weights(), (layer, part) -> change(all, full, layer, part), tally));
        return new Measured(update != null, full == null ? null : full.learningRate(), tally.rows(), spectra);
    }

    private void each(
            NDManager all,
            List<PromptSet.Query> queries,
            Decoder whole,
            Decoder alone,
            PrefixCache cache,
            PrefixCache none,
            AttentionTrace before,
            @Nullable Projections projections,
            List<List<LayerPatch>> patches) {
        for (int i = 0; i < queries.size(); i++) {
            progress.at("layers of queries", i, queries.size());
            long[] query = longs(queries.get(i).ids());
            try (NDManager own = all.newSubManager();
                    NoGrad off = new NoGrad()) {
                AttentionTrace inContext = new AttentionTrace(own, Probe.NONE);
                FedRows fed = new FedRows(own, inContext);
                NDArray withContext = ContextPatch.logits(own, whole, cache, query, fed); // (1, V)
                attention(own, whole, alone, before, inContext, query, projections);
                if (setting.patches()) patches.add(patched(all, own, alone, fed, none, query, withContext));
            }
        }
        progress.at("layers of queries", queries.size(), queries.size());
    }

    private void attention(
            NDManager own,
            Decoder whole,
            Decoder alone,
            AttentionTrace before,
            AttentionTrace inContext,
            long[] query,
            @Nullable Projections projections) {
        long[] sequence = joined(opening, query);
        AttentionTrace zeroShot = new AttentionTrace(own, Probe.NONE);
        run(own, alone, sequence, zeroShot);
        AttentionTrace tuned = projections == null ? null : atSameInputs(own, projections.tuned, sequence, zeroShot);
        AttentionTrace change = projections == null || projections.change == null
                ? null
                : atSameInputs(own, projections.change, sequence, zeroShot);
        new QueryAttention(whole, opening.length, context.length, before, inContext, zeroShot, tuned, change)
                .measure(own, tally, comparison);
    }

    private static AttentionTrace atSameInputs(NDManager own, Decoder other, long[] sequence, AttentionTrace zeroShot) {
        AttentionTrace trace = new AttentionTrace(own, Probe.NONE);
        run(own, other, sequence, new FixedInputs(zeroShot.inputs(), trace));
        return trace;
    }

    private static void run(NDManager own, Decoder model, long[] sequence, Probe probe) {
        try (NDManager call = own.newSubManager()) {
            model.hiddenAt(call, TokenBatch.row(call, sequence), null, probe, sequence.length - 1);
        }
    }

    /** Patches one query and measures how far its logits are from those with the context. */
    private List<LayerPatch> patched(
            NDManager all,
            NDManager own,
            Decoder alone,
            FedRows fed,
            PrefixCache none,
            long[] query,
            NDArray withContext) {
        ContextPatch.Patched patch = ContextPatch.patched(all, own, alone, fed.rows(), none, query);
        double[] wanted = numbers(withContext);
        double[] found = numbers(patch.logits());
        double[] off = new double[wanted.length];
        for (int i = 0; i < off.length; i++) off[i] = found[i] - wanted[i];
        int layers = decoder.architecture().sizes().layers();
        tally.add(layers, "", Measure.PATCH, Vectors.norm(off) / Vectors.norm(wanted));
        return patch.layers();
    }

    private @Nullable NDArray change(NDManager all, Tuned.@Nullable AllWeights full, int layer, String part) {
        if (full == null) return null;
        Map<String, Update> changes = full.update().totals().getOrDefault(setting.shots(), Map.of());
        Update update = changes.get("layers." + layer + ".feed_forward." + part + ".weight");
        if (update == null) return null;
        NDArray sum = all.zeros(update.shape(), decoder.weights().tokens().getDataType());
        update.addTo(sum);
        return sum;
    }

    private static double[] numbers(NDArray x) {
        return x.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    private static long[] joined(long[] a, long[] b) {
        long[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static long[] longs(TokenIds ids) {
        return Arrays.stream(ids.toArray()).asLongStream().toArray();
    }
}
