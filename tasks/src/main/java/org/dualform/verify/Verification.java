package org.dualform.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.Progress;
import org.dualform.finetune.TunedModel;
import org.dualform.finetune.train.DemonstrationTrainer;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.Projection;
import org.dualform.finetune.update.ProjectionShape;
import org.dualform.model.ComputeDevice;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.part.function.Rotaries;

/**
 * Compares a model with the reference values beside it: its forward pass and its greedy continuation, both before and
 * after fine-tuning the key and value projections.
 */
public final class Verification {
    private static final List<String> FORWARD = List.of("logits", "attn_out", "scores_last", "resid", "final");

    private final GoldenCase golden;
    private final Map<String, Agreement> groups = new LinkedHashMap<>();

    private Verification(GoldenCase golden) {
        this.golden = golden;
    }

    /** Compares all groups of values in the folder's {@code golden.safetensors}. */
    public static List<Agreement> of(Path folder) {
        return of(folder, ComputeDevice.CPU);
    }

    /** As {@link #of(Path)}, computed on {@code device}. */
    public static List<Agreement> of(Path folder, ComputeDevice device) {
        Verification verification = new Verification(GoldenCase.read(folder));
        try (LanguageModel model = LanguageModel.open(folder, DataType.FLOAT32, device);
                NDManager scratch = model.manager().newSubManager()) {
            model.requireFinite();
            verification.forward(scratch, model.decoder(), "");
            verification.continuation(scratch, model.decoder());
            verification.fineTuning(scratch, model.decoder());
        }
        return List.copyOf(verification.groups.values());
    }

    private void forward(NDManager owner, Decoder decoder, String suffix) {
        List<long[]> prompts = golden.prompts(owner);
        for (int i = 0; i < prompts.size(); i++) {
            try (NDManager scratch = owner.newSubManager()) {
                Map<String, NDArray> own = ForwardRecord.of(scratch, decoder, prompts.get(i), false);
                NDArray outputs = Objects.requireNonNull(own.get("attn_out")); // (L, T, d)
                own.put("attn_out_last", outputs.get(":, {}", outputs.getShape().get(1) - 1)); // (L, d)
                for (Map.Entry<String, NDArray> tensor : own.entrySet()) {
                    String name = "prompt." + i + "." + tensor.getKey() + suffix;
                    boolean named = !suffix.isEmpty() || FORWARD.contains(tensor.getKey());
                    if (named && golden.has(name)) {
                        compare(tensor.getKey() + suffix, doubles(tensor.getValue()), golden.values(scratch, name));
                    }
                }
            }
        }
    }

    /**
     * How far below the best token's logit the reference's token is, at each step of the reference's greedy
     * continuation.
     */
    private void continuation(NDManager owner, Decoder decoder) {
        if (!golden.has("gen.output")) return;
        try (NDManager scratch = owner.newSubManager()) {
            long[] ids = golden.array(scratch, "gen.output").toLongArray();
            int from = golden.array(scratch, "gen.prompt").toLongArray().length;
            Map<Rotaries, NDArray> passes = new HashMap<>(); // one, or one for short and one for long beginnings
            double[] behind = new double[ids.length - from];
            for (int t = from; t < ids.length; t++) {
                Decoder own = decoder.forLength(t);
                NDArray logits = passes.computeIfAbsent(
                        own.architecture().rotaries(),
                        r -> Objects.requireNonNull(
                                ForwardRecord.of(scratch, own, ids, false).get("logits"))); // (T, V)
                NDArray row = logits.get(t - 1); // (V)
                behind[t - from] = row.max().sub(row.get(ids[t])).getFloat();
            }
            compare("gen.output", behind, new double[behind.length]);
        }
    }

    private void fineTuning(NDManager owner, Decoder decoder) {
        List<Sequence> sequences = golden.sequences(owner);
        if (sequences.isEmpty()) return;
        int shots = sequences.size();
        DemonstrationTrainer trainer = new DemonstrationTrainer(decoder);
        DemonstrationTrainer.Trained trained = trainer.train(
                owner,
                trainer.plan(sequences, List.of(1, shots), 1),
                sequences,
                golden.learningRate(),
                Progress.none());
        List<Double> losses =
                Objects.requireNonNull(trained.training().shots().get(shots)).losses();
        compare(
                "ft.losses",
                losses.stream().mapToDouble(Double::doubleValue).toArray(),
                golden.values(owner, "ft.losses"));
        if (!trained.update().shots().contains(shots)) return; // training diverged, which the losses above show
        compare("ft.delta_norms", norms(owner, trained.update(), shots), golden.values(owner, "ft.delta_norms"));
        try (TunedModel tuned = new TunedModel(owner, decoder, trained.update(), shots)) {
            forward(owner, tuned.decoder(), "_ft");
        }
    }

    /** Frobenius norms of the changes of the weights and biases of K and V: (L, 4), 0 where there is no bias. */
    private static double[] norms(NDManager owner, KeyValueUpdate update, int shots) {
        ProjectionShape shape = update.plan().shape();
        double[] norms = new double[4 * shape.layers()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                int at = 4 * layer + (projection == Projection.KEY ? 0 : 1);
                try (NDManager scratch = owner.newSubManager()) {
                    NDArray weight = scratch.zeros(new Shape(shape.out(), shape.in()));
                    NDArray bias = scratch.zeros(new Shape(shape.out()));
                    update.addTo(shots, layer, projection, weight, bias);
                    norms[at] = weight.norm().getFloat();
                    norms[at + 2] = bias.norm().getFloat();
                }
            }
        }
        return norms;
    }

    private void compare(String group, double[] own, double[] reference) {
        groups.merge(group, Agreement.of(group, own, reference, golden.tolerance()), Agreement::and);
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, false).toDoubleArray();
    }
}
