package org.dualform.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.finetune.TunedModel;
import org.dualform.finetune.file.UpdateFiles;
import org.dualform.finetune.update.KeyValueUpdate;
import org.dualform.finetune.update.UpdatePlan;
import org.dualform.model.Assets;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.TokenBatch;
import org.dualform.model.part.LayerWeights;
import org.dualform.model.part.Linear;
import org.dualform.prompt.TokenIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemonstrationTrainerTest {
    /** The place of the key's bias in {@link #parameters}. */
    private static final int KEY_BIAS = 2;

    private static final double RATE = 0.05;

    /**
     * The whole decoder in fp64, grouped heads, rotary in both pairings, ALiBi, norms of keys, fused projections and
     * biases: paper section 3, identity 1.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama",
                "llama_gqa",
                "gpt2",
                "gpt2_hub",
                "gptj",
                "bloom",
                "stablelm_parallel",
                "gemma2",
                "granite",
                "olmo2",
                "phi3_longrope"
            })
    void theDualFormIsDenseAutograd(String name) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name), DataType.FLOAT64);
                NDManager manager = model.manager().newSubManager()) {
            List<Sequence> sequences = sequences(model, 3, 12);
            Decoder dense = model.decoder();
            for (Sequence sequence : sequences) {
                dense = denseStep(manager, dense, sequence);
            }
            KeyValueUpdate update =
                    train(manager, model, sequences, List.of(1, 3), 1, RATE).update();
            try (TunedModel tuned = new TunedModel(manager, model.decoder(), update, 3)) {
                for (int layer = 0; layer < 2; layer++) {
                    NDList base = parameters(model.decoder(), layer);
                    NDList expected = parameters(dense, layer);
                    NDList own = parameters(tuned.decoder(), layer);
                    for (int i = 0; i < expected.size(); i++) {
                        double change =
                                expected.get(i).sub(base.get(i)).abs().max().getDouble();
                        // The key's bias adds the same to all scores of a query, and softmax ignores that: without
                        // rotary positions its gradient is rounding, or zero.
                        if (i != KEY_BIAS) assertThat(change).isPositive();
                        assertThat(own.get(i).sub(expected.get(i)).abs().max().getDouble())
                                .as("layer %d, parameter %d", layer, i)
                                .isLessThan(1e-12);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aSharedTrainingIsTrainingAloneToTheLastBit(int passes) {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            List<Sequence> sequences = sequences(model, 4, 9);
            DemonstrationTrainer.Trained shared = train(manager, model, sequences, List.of(1, 2, 4), passes, RATE);
            assertThat(shared.update().shots()).containsExactly(1, 2, 4);
            for (int shots : List.of(1, 2, 4)) {
                DemonstrationTrainer.Trained alone =
                        train(manager, model, sequences.subList(0, shots), List.of(shots), passes, RATE);
                assertThat(weights(manager, model, shared.update(), shots))
                        .isEqualTo(weights(manager, model, alone.update(), shots));
                assertThat(shared.training().shots().get(shots).losses())
                        .hasSize(shots * passes)
                        .isEqualTo(alone.training().shots().get(shots).losses());
            }
        }
    }

    /** At these sizes a segment of 22 tokens or more is kept dense; the weights must not depend on it. */
    @Test
    void bothFormsOfASegmentGiveTheSameWeights() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            List<Sequence> sequences = sequences(model, 4, 8);
            UpdatePlan one = new DemonstrationTrainer(model.decoder()).plan(sequences, List.of(4), 1);
            UpdatePlan four = new DemonstrationTrainer(model.decoder()).plan(sequences, List.of(1, 2, 3, 4), 1);
            assertThat(one.segments()).extracting(UpdatePlan.Segment::dense).containsExactly(true);
            assertThat(four.segments()).extracting(UpdatePlan.Segment::dense).containsOnly(false);
            assertThat(weights(
                            manager,
                            model,
                            train(manager, model, sequences, List.of(4), 1, RATE)
                                    .update(),
                            4))
                    .isEqualTo(weights(
                            manager,
                            model,
                            train(manager, model, sequences, List.of(1, 2, 3, 4), 1, RATE)
                                    .update(),
                            4));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFileGivesBackTheSameWeights(int passes, @TempDir Path folder) throws Exception {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            KeyValueUpdate update = train(manager, model, sequences(model, 4, 7), List.of(1, 2, 4), passes, RATE)
                    .update();
            Path file = folder.resolve("update.safetensors");
            UpdateFiles.write(file, update);
            assertThat(Files.size(file))
                    .isBetween(update.plan().bytes(), update.plan().bytes() + 20_000);
            KeyValueUpdate read = (KeyValueUpdate) UpdateFiles.read(manager, file);
            assertThat(read.shots()).isEqualTo(update.shots());
            assertThat(read.plan()).isEqualTo(update.plan());
            for (int shots : update.shots()) {
                assertThat(weights(manager, model, read, shots)).isEqualTo(weights(manager, model, update, shots));
            }
            assertThatThrownBy(() -> UpdateFiles.read(manager, Assets.at("golden/gpt2/model.safetensors")))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("is not an update");
        }
    }

    @Test
    void anInfiniteRateDivergesAtOnce() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/gpt2"));
                NDManager manager = model.manager().newSubManager()) {
            DemonstrationTrainer.Trained trained =
                    train(manager, model, sequences(model, 2, 9), List.of(1, 2), 2, 1e38);
            assertThat(trained.update().shots()).isEmpty();
            for (Training.Course course : trained.training().shots().values()) {
                assertThat(course.divergedAt()).isEqualTo(course.losses().size());
                assertThat(course.divergence())
                        .isEqualTo("diverged at step " + course.losses().size());
            }
        }
    }

    @Test
    void nothingIsLeftBehindAlsoWhenStopped() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama_gqa"))) {
            List<Sequence> sequences = sequences(model, 3, 8);
            DemonstrationTrainer trainer = new DemonstrationTrainer(model.decoder());
            UpdatePlan plan = trainer.plan(sequences, List.of(1, 3), 1);
            int before = model.manager().getManagedArrays().size();
            try (NDManager manager = model.manager().newSubManager()) {
                var told = new ArrayList<Long>();
                DemonstrationTrainer.Trained trained =
                        trainer.train(manager, plan, sequences, RATE, (what, done, total) -> told.add(done));
                assertThat(told).startsWith(0L).endsWith(3L).isSorted();
                int layers = plan.shape().layers();
                assertThat(manager.getManagedArrays()).hasSize(2 * layers * 3); // two segments of X and two E
                try (TunedModel tuned = new TunedModel(manager, model.decoder(), trained.update(), 3)) {
                    assertThat(tuned.decoder().weights().layers()).hasSize(layers);
                }
                assertThat(manager.getManagedArrays()).hasSize(2 * layers * 3);
            }
            try (NDManager manager = model.manager().newSubManager()) {
                assertThatThrownBy(() -> trainer.train(manager, plan, sequences, RATE, (what, done, total) -> {
                            if (done == 2) throw new CancelledException();
                        }))
                        .isInstanceOf(CancelledException.class);
                assertThat(manager.getManagedArrays()).hasSize(plan.shape().layers() * 3); // the finished segment
            }
            assertThat(model.manager().getManagedArrays()).hasSize(before);
        }
    }

    /** The loss may begin later than at the second token, as it does behind a task description. */
    @Test
    void tokensBeforeTheLossAreReadButNotLearned() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama"));
                NDManager manager = model.manager().newSubManager()) {
            TokenIds ids = sequences(model, 1, 9).get(0).ids();
            double last = loss(manager, model, new Sequence(ids, 8));
            double before = loss(manager, model, new Sequence(ids.cut(8), 7));
            assertThat(loss(manager, model, new Sequence(ids, 7))).isCloseTo((last + before) / 2, within(1e-5));
            assertThatThrownBy(() -> new Sequence(ids, 0)).hasMessageContaining("no loss");
            assertThatThrownBy(() -> new Sequence(ids, 9)).hasMessageContaining("no loss");
        }
    }

    private static double loss(NDManager manager, LanguageModel model, Sequence sequence) {
        return train(manager, model, List.of(sequence), List.of(1), 1, 0)
                .training()
                .shots()
                .get(1)
                .losses()
                .get(0);
    }

    private static DemonstrationTrainer.Trained train(
            NDManager owner,
            LanguageModel model,
            List<Sequence> sequences,
            List<Integer> shots,
            int passes,
            double rate) {
        var trainer = new DemonstrationTrainer(model.decoder());
        return trainer.train(owner, trainer.plan(sequences, shots, passes), sequences, rate, Progress.none());
    }

    private static List<Sequence> sequences(LanguageModel model, int count, int tokens) {
        var random = new Random(5);
        var sequences = new ArrayList<Sequence>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(tokens, 3, model.architecture().sizes().vocabulary())
                    .toArray();
            sequences.add(new Sequence(TokenIds.of(ids), 1));
        }
        return sequences;
    }

    private static List<Float> weights(NDManager manager, LanguageModel model, KeyValueUpdate update, int shots) {
        var all = new ArrayList<Float>();
        try (TunedModel tuned = new TunedModel(manager, model.decoder(), update, shots)) {
            for (int layer = 0; layer < tuned.decoder().weights().layers().size(); layer++) {
                for (NDArray parameter : parameters(tuned.decoder(), layer)) {
                    for (float value : parameter.toFloatArray()) all.add(value);
                }
            }
        }
        return all;
    }

    /** Weights, then biases if there are any, of K and V. */
    private static NDList parameters(Decoder decoder, int layer) {
        LayerWeights weights = decoder.weights().layers().get(layer);
        var parameters = new NDList(weights.key().weight(), weights.value().weight());
        if (weights.key().bias() != null) {
            parameters.add(weights.key().bias());
            parameters.add(weights.value().bias());
        }
        return parameters;
    }

    /** A step of plain SGD on the weights themselves, with the engine's own gradients of them. */
    private static Decoder denseStep(NDManager manager, Decoder decoder, Sequence sequence) {
        var layers = new ArrayList<LayerWeights>();
        for (LayerWeights layer : decoder.weights().layers()) {
            layers.add(layer.withKeyValue(leaf(manager, layer.key()), leaf(manager, layer.value())));
        }
        var leaves = new Decoder(decoder.architecture(), decoder.weights().withLayers(layers));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            int[] ids = sequence.ids().toArray();
            long[] row = java.util.Arrays.stream(ids).asLongStream().toArray();
            NDArray hidden =
                    leaves.hidden(manager, TokenBatch.row(manager, row)).squeeze(0);
            NDArray logits = leaves.logits(manager, hidden.get("0:{}", ids.length - 1));
            NDArray targets = manager.create(row).get("1:").reshape(new Shape(ids.length - 1, 1));
            collector.backward(logits.logSoftmax(-1).gather(targets, 1).mean().neg());
        }
        var stepped = new ArrayList<LayerWeights>();
        for (LayerWeights layer : layers) {
            stepped.add(layer.withKeyValue(step(layer.key()), step(layer.value())));
        }
        return new Decoder(decoder.architecture(), decoder.weights().withLayers(stepped));
    }

    private static Linear leaf(NDManager manager, Linear linear) {
        NDArray weight =
                manager.create(linear.weight().toDoubleArray(), linear.weight().getShape());
        weight.setRequiresGradient(true);
        NDArray bias =
                linear.bias() == null ? null : manager.create(linear.bias().toDoubleArray());
        if (bias != null) bias.setRequiresGradient(true);
        return new Linear(weight, bias);
    }

    private static Linear step(Linear leaf) {
        return new Linear(
                leaf.weight().stopGradient().sub(leaf.weight().getGradient().mul(RATE)),
                leaf.bias() == null
                        ? null
                        : leaf.bias()
                                .stopGradient()
                                .sub(leaf.bias().getGradient().mul(RATE)));
    }
}
