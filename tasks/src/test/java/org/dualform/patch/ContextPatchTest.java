package org.dualform.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.dualform.contract.UserException;
import org.dualform.model.Assets;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.PrefixCache;
import org.dualform.model.part.Residual;
import org.dualform.model.part.Weights;
import org.dualform.theory.SmallDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** In every family, patched blocks without the context give the logits that the model gives with it. */
class ContextPatchTest {
    private static final double DOUBLE = 1e-12;
    private static final double SINGLE = 1e-5;
    private static final Path MINI =
            Path.of(System.getProperty("dualform.root", "..")).resolve("models/mini");
    private static final int CONTEXT = 12;
    private static final int QUERY = 5;

    @ParameterizedTest
    @MethodSource("org.dualform.verify.GoldenNames#all")
    void aGoldenModelOfEveryFamily(String name) {
        holds(Assets.at("golden/" + name), DataType.FLOAT64, DOUBLE);
        holds(Assets.at("golden/" + name), DataType.FLOAT32, SINGLE);
    }

    @Test
    void pretrainedModels() {
        holds(Assets.at("models/stories15M"), DataType.FLOAT64, DOUBLE);
        holds(Assets.at("models/stories15M"), DataType.FLOAT32, SINGLE);
        holds(MINI, DataType.FLOAT64, DOUBLE);
        holds(MINI, DataType.FLOAT32, SINGLE);
    }

    /** Blocks that families have only with certain settings. */
    @ParameterizedTest
    @CsvSource({
        "opt, do_layer_norm_before, false, POST_NORM",
        "opt, do_layer_norm_before, true, PRE_NORM",
        "bloom, apply_residual_connection_post_layernorm, true, NORMED",
        "gpt_neox, use_parallel_residual, false, PRE_NORM",
        "gpt_neox, use_parallel_residual, true, PARALLEL",
        "gemma2, tie_word_embeddings, true, SANDWICH_NORM",
        "olmo2, tie_word_embeddings, true, OUTPUT_NORM"
    })
    void everyFormOfABlock(String family, String key, boolean value, Residual form) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, family, config -> config.put(key, value));
            assertThat(decoder.architecture().residual()).isEqualTo(form);
            holds(manager, decoder, DOUBLE);
        }
    }

    /** Some checkpoints have norms with single weights of 0, which let nothing of that width pass. */
    @Test
    void singleWeightsOfZeroInANormAreRaised() {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "gemma2", config -> {});
            Weights some = decoder.weights().map((name, role, weight) -> {
                if (!name.endsWith("feed_forward_output_norm.weight")) return weight;
                NDArray holed = weight.duplicate();
                holed.set(new NDIndex("2:4"), 0);
                return holed;
            });
            holds(manager, new Decoder(decoder.architecture(), some), DOUBLE);
        }
    }

    @Test
    void aBlockThatNoPatchCanMoveIsNamed() {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "gemma2", config -> {});
            Weights stuck = decoder.weights()
                    .map((name, role, weight) ->
                            name.equals("layers.1.feed_forward_output_norm.weight") ? weight.zerosLike() : weight);
            assertThatThrownBy(() -> holds(manager, new Decoder(decoder.architecture(), stuck), DOUBLE))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "This model cannot be patched in block 1: all weights of the norm after its feed-forward part"
                                    + " are 0. Leave the patches out (--no-patches of dual-form, the arms patch=), or take another"
                                    + " model.");
            Weights dead = decoder.weights()
                    .map((name, role, weight) ->
                            name.equals("layers.0.feed_forward.up.weight") ? weight.zerosLike() : weight);
            assertThatThrownBy(() -> holds(manager, new Decoder(decoder.architecture(), dead), DOUBLE))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("block 0: the inner vector of its feed-forward part is 0");
        }
    }

    private static void holds(Path folder, DataType type, double limit) {
        try (LanguageModel model = LanguageModel.open(folder, type);
                NDManager call = model.manager().newSubManager()) {
            holds(call, model.decoder(), limit);
        }
    }

    private static void holds(NDManager call, Decoder decoder, double limit) {
        int vocabulary = decoder.architecture().sizes().vocabulary();
        long[] context = ids(1, CONTEXT, vocabulary);
        long[] query = ids(100, QUERY, vocabulary);
        try (PrefixCache whole = PrefixCache.prefill(decoder, call, context);
                PrefixCache none = whole.cut(1)) {
            ContextPatch patch = ContextPatch.of(call, decoder, whole, none, query);
            NDArray changed = patch.withChangedWeights(call, decoder, none, query);
            assertThat(distance(patch.patched(), patch.withContext())).isLessThan(limit);
            assertThat(distance(changed, patch.withContext()))
                    .as("by a decoder that knows of no patches")
                    .isLessThan(limit);
            assertThat(distance(patch.without(), patch.withContext()))
                    .as("the context changes the answer")
                    .isGreaterThan(100 * limit);
        }
    }

    private static double distance(NDArray a, NDArray b) {
        NDArray exact = b.toType(DataType.FLOAT64, false);
        return a.toType(DataType.FLOAT64, false).sub(exact).norm().getDouble()
                / exact.norm().getDouble();
    }

    private static long[] ids(int first, int count, int vocabulary) {
        return LongStream.range(0, count)
                .map(i -> (first + 7 * i * i + 3 * i) % vocabulary)
                .toArray();
    }
}
