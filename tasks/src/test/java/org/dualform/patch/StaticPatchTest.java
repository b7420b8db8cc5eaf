package org.dualform.patch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.LongStream;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.theory.SmallDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One change of the weights for many queries, against what their contexts do. */
class StaticPatchTest {
    private static final long[] OPENING = {0};

    /** For one query both fits are the patch that is exact for it, also in blocks with a norm after the part. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2", "gpt_neox", "gemma2", "opt"})
    void forOneQueryItIsExact(String family) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, family, config -> {});
            for (Fit fit : Fit.values()) {
                assertThat(distances(manager, decoder, fit, List.of(1))).allMatch(d -> d < 1e-12);
            }
        }
    }

    /** Least squares reaches every query at once where their inputs point in as many directions. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2", "gpt_neox"})
    void leastSquaresGivesEachOfSomeQueriesItsAnswer(String family) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, family, config -> {});
            List<Integer> shown = List.of(1, 2, 3, 4);
            assertThat(distances(manager, decoder, Fit.LEAST_SQUARES, shown)).allMatch(d -> d < 1e-3);
            assertThat(distances(manager, decoder, Fit.MEAN, shown)).anyMatch(d -> d > 1e-2);
        }
    }

    @ParameterizedTest
    @EnumSource(Fit.class)
    void theSameQuerySeveralTimesIsOneQuery(Fit fit) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "llama", config -> {});
            assertThat(distances(manager, decoder, fit, List.of(1, 1, 1))).allMatch(d -> d < 1e-4);
        }
    }

    /** The order of the queries changes nothing. */
    @ParameterizedTest
    @EnumSource(Fit.class)
    void theOrderOfQueriesDoesNotMatter(Fit fit) {
        try (NDManager manager = LanguageModel.newManager()) {
            Decoder decoder = SmallDecoder.of(manager, "gemma2", config -> {});
            List<StaticPatch.Shown> some = List.of(shown(1), shown(2), shown(3));
            List<StaticPatch.Shown> others = List.of(shown(3), shown(1), shown(2));
            List<LayerPatch> a = StaticPatch.of(manager, decoder, fit, some, OPENING, done -> {});
            List<LayerPatch> b = StaticPatch.of(manager, decoder, fit, others, OPENING, done -> {});
            for (int layer = 0; layer < a.size(); layer++) {
                assertThat(distance(
                                a.get(layer).down().dense(), b.get(layer).down().dense()))
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void eachFitAsItsFormulaSays() {
        try (NDManager manager = LanguageModel.newManager()) {
            NDArray z = manager.create(new double[] {3, 0, 0, 0, 0, 2}, new Shape(2, 3));
            NDArray d = manager.create(new double[] {1, 5, 2, 7}, new Shape(2, 2));
            NDArray exact = Fit.LEAST_SQUARES.of(z, d).apply(z);
            assertThat(distance(exact, d)).isLessThan(1e-5);
            NDArray half = Fit.MEAN.of(z, d).apply(z);
            assertThat(distance(half.mul(2), d)).isLessThan(1e-15);
            NDArray mean = manager.create(new double[] {1 / 6.0, 0, 0.5, 5 / 6.0, 0, 7 / 4.0}, new Shape(2, 3));
            assertThat(distance(Fit.MEAN.of(z, d).dense(), mean)).isLessThan(1e-15);
        }
    }

    @Test
    void nothingIsLeftInTheManagerButThePatches() {
        try (NDManager manager = LanguageModel.newManager();
                NDManager owner = manager.newSubManager()) {
            Decoder decoder = SmallDecoder.of(manager, "llama", config -> {});
            int before = owner.getManagedArrays().size();
            List<LayerPatch> patches =
                    StaticPatch.of(owner, decoder, Fit.MEAN, List.of(shown(1), shown(2)), OPENING, done -> {});
            // Two factors of each of the gate, up and down projections.
            assertThat(owner.getManagedArrays().size() - before).isEqualTo(6 * patches.size());
        }
    }

    /** How far the patched answers without a context are from those with it, for each query. */
    private static List<Double> distances(NDManager manager, Decoder decoder, Fit fit, List<Integer> numbers) {
        List<StaticPatch.Shown> shown =
                numbers.stream().map(StaticPatchTest::shown).toList();
        List<LayerPatch> patches = StaticPatch.of(manager, decoder, fit, shown, OPENING, done -> {});
        Decoder changed = new Decoder(decoder.architecture(), PatchedLayers.of(decoder.weights(), patches));
        return numbers.stream()
                .map(number -> {
                    try (PrefixCache context = PrefixCache.prefill(decoder, manager, context(number));
                            PrefixCache none = PrefixCache.prefill(changed, manager, OPENING)) {
                        return distance(
                                ContextPatch.logits(manager, changed, none, query(number), Probe.NONE),
                                ContextPatch.logits(manager, decoder, context, query(number), Probe.NONE));
                    }
                })
                .toList();
    }

    private static double distance(NDArray a, NDArray b) {
        NDArray exact = b.toType(DataType.FLOAT64, false);
        return a.toType(DataType.FLOAT64, false).sub(exact).norm().getDouble()
                / exact.norm().getDouble();
    }

    private static StaticPatch.Shown shown(int number) {
        return new StaticPatch.Shown(context(number), query(number));
    }

    private static long[] context(int number) {
        long[] context =
                LongStream.range(0, 9).map(i -> (i * i * number + 3 * i) % 37).toArray();
        context[0] = 0;
        return context;
    }

    /** Queries have different lengths, so that some are padded. */
    private static long[] query(int number) {
        return LongStream.range(0, 3 + number)
                .map(i -> (5 * i + 11 * number) % 37)
                .toArray();
    }
}
