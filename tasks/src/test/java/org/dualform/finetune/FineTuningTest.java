package org.dualform.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.finetune.file.UpdateFiles;
import org.dualform.finetune.train.Sequence;
import org.dualform.finetune.train.Tuned;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.model.Assets;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;
import org.dualform.model.part.Weights;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.spec.arm.Arm;
import org.dualform.spec.arm.Tuning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares every way to fine-tune with gradients of the whole weights, which the engine computes and the test sums. */
class FineTuningTest {
    private static final double RATE = 0.05;
    private static final int LABEL = 90;

    private static PromptSet prompts(int demonstrations) {
        return new PromptSet(
                new PromptSet.TemplateUse("test", 1, "", false),
                0,
                2,
                64,
                0,
                8,
                List.of(new PromptSet.Label("a", "a", TokenIds.of(LABEL, LABEL + 1))),
                TokenIds.of(0),
                List.of(1),
                List.of(),
                IntStream.range(0, demonstrations)
                        .mapToObj(i -> new PromptSet.Demonstration(
                                "train/" + i, "", 0, TokenIds.of(0, 10 + i, 30 + i, 50, LABEL, LABEL + 1), 1))
                        .toList(),
                List.of(),
                List.of());
    }

    private static Tuning tuning(String arm) {
        return Arm.of(arm).tuning();
    }

    private static WeightUpdate train(
            NDManager owner, LanguageModel model, String arm, int passes, List<Integer> shots, double rate) {
        var tuner = new FineTuning(model.decoder(), tuning(arm), passes, prompts(4));
        return tuner.train(owner, shots, rate, Progress.none()).update();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_gqa"})
    void aFullBatchIsTheMeanGradientAtTheBaseWeights(String name) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            WeightUpdate update = train(manager, model, "ft=full_batch", 1, List.of(2, 3), RATE);
            for (int k : List.of(2, 3)) {
                Map<String, double[]> expected = new TreeMap<>();
                for (Sequence s : Sequence.of(prompts(k)))
                    add(expected, gradients(model.decoder(), s, this::keyValue), -RATE / k);
                assertThat(difference(model, update.at(manager, model.weights(), k), expected))
                        .isLessThan(1e-12);
            }
        }
    }

    @Test
    void theLabelLossCountsTheLabelsTokensOnly() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            Sequence whole = Sequence.of(prompts(1)).get(0);
            // Positions 3 and 4 predict the two label tokens.
            Map<String, double[]> expected = new TreeMap<>();
            add(expected, gradients(model.decoder(), new Sequence(whole.ids(), 4), this::keyValue), -RATE);
            WeightUpdate update = train(manager, model, "ft=label_loss", 1, List.of(1), RATE);
            assertThat(difference(model, update.at(manager, model.weights(), 1), expected))
                    .isLessThan(1e-12);
            WeightUpdate all = train(manager, model, "main", 1, List.of(1), RATE);
            assertThat(difference(model, all.at(manager, model.weights(), 1), expected))
                    .isGreaterThan(1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_gqa", "gptj", "bloom", "stablelm_parallel", "gemma3_text", "olmo2", "phi3"})
    void everyWeightFollowsItsGradient(String name) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            WeightUpdate update = train(manager, model, "ft=all", 1, List.of(1), RATE);
            Map<String, double[]> expected = new TreeMap<>();
            add(expected, gradients(model.decoder(), Sequence.of(prompts(1)).get(0), n -> true), -RATE);
            assertThat(difference(model, update.at(manager, model.weights(), 1), expected))
                    .isLessThan(1e-12);
        }
    }

    @Test
    void oneLayersValueProjectionChangesAlone() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            WeightUpdate update = train(manager, model, "ft=v_layer:1", 1, List.of(1), RATE);
            Map<String, double[]> expected = new TreeMap<>();
            Predicate<String> value = name -> name.startsWith("layers.1.value.");
            add(expected, gradients(model.decoder(), Sequence.of(prompts(1)).get(0), value), -RATE);
            assertThat(expected).hasSize(2);
            assertThat(difference(model, update.at(manager, model.weights(), 1), expected))
                    .isLessThan(1e-12);
        }
    }

    /** Kingma and Ba's algorithm 1, written out; the second step at the weights that the first left. */
    @Test
    void adamIsAdam() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            double rate = 0.001;
            WeightUpdate update = train(manager, model, "ft=adam", 1, List.of(1, 2), rate);
            List<Sequence> sequences = Sequence.of(prompts(2));
            Map<String, double[]> first = gradients(model.decoder(), sequences.get(0), this::keyValue);
            Decoder after = model.decoder(update.at(manager, model.weights(), 1));
            Map<String, double[]> second = gradients(after, sequences.get(1), this::keyValue);
            Map<String, double[]> one = new TreeMap<>();
            Map<String, double[]> two = new TreeMap<>();
            first.forEach((name, g1) -> {
                double[] g2 = second.get(name);
                double[] a = new double[g1.length];
                double[] b = new double[g1.length];
                for (int i = 0; i < g1.length; i++) {
                    double m = 0.1 * g1[i];
                    double v = 0.001 * g1[i] * g1[i];
                    a[i] = -rate * (m / 0.1) / (Math.sqrt(v / 0.001) + 1e-8);
                    m = 0.9 * m + 0.1 * g2[i];
                    v = 0.999 * v + 0.001 * g2[i] * g2[i];
                    b[i] = a[i] - rate * (m / (1 - 0.81)) / (Math.sqrt(v / (1 - 0.999 * 0.999)) + 1e-8);
                }
                one.put(name, a);
                two.put(name, b);
            });
            assertThat(difference(model, update.at(manager, model.weights(), 1), one))
                    .isLessThan(1e-10);
            assertThat(difference(model, update.at(manager, model.weights(), 2), two))
                    .isLessThan(1e-10);
        }
    }

    /** Layer l learns from CE(head(norm(h_l))) with its input held fixed: that loss alone, layer by layer. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama_gqa", "gemma2", "granite"})
    void layerCausalDescentIsEveryLayersOwnGradient(String name) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            Sequence sequence = Sequence.of(prompts(1)).get(0);
            int layers = model.weights().layers().size();
            Map<String, double[]> expected = new TreeMap<>();
            for (int layer = 0; layer < layers; layer++) {
                String own = "layers." + layer + ".";
                // Cut behind the layer: the layers before it are frozen, which also holds its input fixed.
                Decoder shortened = shortened(model.decoder(), layer + 1);
                add(expected, gradients(shortened, sequence, n -> n.startsWith(own) && keyValue(n)), -RATE);
            }
            WeightUpdate update = train(manager, model, "lcgd", 1, List.of(1), RATE);
            assertThat(difference(model, update.at(manager, model.weights(), 1), expected))
                    .isLessThan(1e-12);
        }
    }

    private static Decoder shortened(Decoder decoder, int layers) {
        var a = decoder.architecture();
        var shorter = a.withSizes(a.sizes().withLayers(layers));
        Weights w = decoder.weights();
        return new Decoder(shorter, w.withLayers(w.layers().subList(0, layers)));
    }

    /** What is shared between shot counts must not show. */
    @ParameterizedTest
    @CsvSource({
        "gpt2, ft=adam, 1",
        "gpt2, ft=adam, 2",
        "gpt2, ft=full_batch, 2",
        "gpt2, ft=all+label_loss, 1",
        "gpt2, ft=v_layer:middle, 1",
        "stablelm_parallel, ft=all, 1"
    })
    void aCountIsTheSameAloneAndFromAFile(String name, String arm, int passes, @TempDir Path folder) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name));
                NDManager manager = model.manager().newSubManager()) {
            var tuner = new FineTuning(model.decoder(), tuning(arm), passes, prompts(4));
            var told = new ArrayList<Long>();
            Tuned tuned = tuner.train(manager, List.of(1, 3), 0.001, (what, done, total) -> told.add(done));
            assertThat(told).isSorted().endsWith(tuner.steps(List.of(1, 3)));
            assertThat(tuned.training().shots().get(3).losses()).hasSize(arm.contains("full") ? passes : 3 * passes);
            Path file = folder.resolve("update.safetensors");
            UpdateFiles.write(file, tuned.update());
            WeightUpdate read = UpdateFiles.read(manager, file);
            assertThat(read.shots()).containsExactly(1, 3);
            for (int k : List.of(1, 3)) {
                Weights own = tuned.update().at(manager, model.weights(), k);
                assertThat(difference(own, read.at(manager, model.weights(), k)))
                        .isZero();
                Weights alone =
                        train(manager, model, arm, passes, List.of(k), 0.001).at(manager, model.weights(), k);
                assertThat(difference(own, alone)).isZero();
                assertThat(difference(own, model.weights())).isPositive();
            }
        }
    }

    @Test
    void anInfiniteRateDivergesAndLeavesNothing() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            Tuned tuned = new FineTuning(model.decoder(), tuning("ft=all"), 1, prompts(3))
                    .train(manager, List.of(1, 3), 1e38, Progress.none());
            assertThat(tuned.update().shots()).isEmpty();
            assertThat(tuned.training().shots().get(3).divergence()).startsWith("diverged at step");
            assertThat(manager.getManagedArrays()).isEmpty();
        }
    }

    private boolean keyValue(String name) {
        return name.contains(".key.") || name.contains(".value.");
    }

    private static void add(Map<String, double[]> sums, Map<String, double[]> gradients, double factor) {
        gradients.forEach((name, gradient) -> {
            double[] sum = sums.computeIfAbsent(name, n -> new double[gradient.length]);
            for (int i = 0; i < sum.length; i++) sum[i] += factor * gradient[i];
        });
    }

    /** The engine's own gradients of the mean loss with respect to whole weights. */
    private static Map<String, double[]> gradients(Decoder decoder, Sequence sequence, Predicate<String> wanted) {
        Map<String, NDArray> leaves = new TreeMap<>();
        try (NDManager manager = LanguageModel.newManager()) {
            Weights weights = decoder.weights().map((name, role, weight) -> {
                if (!wanted.test(name)) return weight;
                NDArray leaf = manager.create(weight.toDoubleArray(), weight.getShape());
                leaf.setRequiresGradient(true);
                leaves.put(name, leaf);
                return leaf;
            });
            Decoder own = new Decoder(decoder.architecture(), weights);
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                long[] ids =
                        Arrays.stream(sequence.ids().toArray()).asLongStream().toArray();
                NDArray hidden = own.hidden(manager, TokenBatch.row(manager, ids), null, Probe.NONE);
                NDArray logits =
                        own.logits(manager, hidden.squeeze(0).get((sequence.lossFrom() - 1) + ":" + (ids.length - 1)));
                NDArray next = manager.create(Arrays.copyOfRange(ids, sequence.lossFrom(), ids.length))
                        .reshape(-1, 1);
                collector.backward(logits.logSoftmax(-1).gather(next, 1).mean().neg());
            }
            Map<String, double[]> gradients = new TreeMap<>();
            leaves.forEach(
                    (name, leaf) -> gradients.put(name, leaf.getGradient().toDoubleArray()));
            return gradients;
        }
    }

    /** The largest difference between the change of all weights and the expected one; what is not named must not change. */
    private static double difference(LanguageModel model, Weights tuned, Map<String, double[]> expected) {
        Map<String, NDArray> after = byName(tuned);
        double largest = 0;
        for (Map.Entry<String, NDArray> before : byName(model.weights()).entrySet()) {
            double[] change = expected.getOrDefault(before.getKey(), new double[0]);
            double[] a = before.getValue().toDoubleArray();
            double[] b = after.get(before.getKey()).toDoubleArray();
            for (int i = 0; i < a.length; i++) {
                double wanted = change.length == 0 ? 0 : change[i];
                largest = Math.max(largest, Math.abs(b[i] - a[i] - wanted));
            }
        }
        assertThat(byName(model.weights()).keySet()).containsAll(expected.keySet());
        return largest;
    }

    private static double difference(Weights a, Weights b) {
        Map<String, NDArray> others = byName(b);
        double largest = 0;
        try (NoGrad off = new NoGrad()) {
            for (Map.Entry<String, NDArray> one : byName(a).entrySet()) {
                float[] x = one.getValue().toFloatArray();
                float[] y = others.get(one.getKey()).toFloatArray();
                for (int i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] - y[i]));
            }
        }
        return largest;
    }

    private static Map<String, NDArray> byName(Weights weights) {
        Map<String, NDArray> byName = new TreeMap<>();
        weights.map((name, role, weight) -> {
            byName.put(name, weight);
            return weight;
        });
        return byName;
    }

    @Test
    void tiedEmbeddingsStayTied() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            Weights tuned = train(manager, model, "ft=all", 1, List.of(1), 0.01).at(manager, model.weights(), 1);
            assertThat(tuned.tied()).isEqualTo(model.weights().tied());
        }
    }
}
