package org.dualform.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dualform.contract.CancelledException;
import org.dualform.contract.Progress;
import org.dualform.model.Assets;
import org.dualform.model.Decoder;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.PrefixCache;
import org.dualform.model.Probe;
import org.dualform.model.TokenBatch;
import org.dualform.model.part.Linear;
import org.dualform.model.part.Weights;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShotSweepTest {
    private static final List<Integer> SHOTS = List.of(0, 1, 3);
    /** The longest label's tokens but the last. */
    private static final int LONGEST_CONTINUATION = 2;

    /**
     * Ragged queries, labels of one to three tokens, some of which begin alike. In the model whose rotary positions
     * depend on the length, the queries of one sweep are short and long.
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
                "starcoder2",
                "gemma2",
                "granite",
                "phi3_longrope"
            })
    void scoresAreThoseOfWholeSequencesRunOneByOne(String name) {
        PromptSet prompts = prompts(7);
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/" + name))) {
            ShotSweep.Result result = run(new ShotSweep(prompts, 4), model.manager(), model.decoder());
            for (int shots : SHOTS) {
                ShotSweep.Shot shot = result.shots().get(shots);
                assertThat(shot.contextTokens()).isEqualTo(prompts.boundaries().get(shots));
                for (int i = 0; i < 7; i++) {
                    PromptSet.Query query = prompts.queries().get(i);
                    Prediction own = shot.predictions().get(i);
                    assertThat(own.row()).isEqualTo(query.row());
                    for (int label = 0; label < prompts.labels().size(); label++) {
                        TokenIds start = prompts.context(shots).then(query.ids());
                        List<Double> expected = likelihoods(
                                model, start, prompts.labels().get(label).ids());
                        for (int t = 0; t < expected.size(); t++) {
                            assertThat(own.tokenLogLikelihoods().get(label).get(t))
                                    .isCloseTo(expected.get(t), within(2e-5));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aPrefixOfShortSequencesIsNotTakenForLongOnes() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/phi3_longrope"));
                NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            long[] context = {0, 5, 7, 9};
            NDArray six = TokenBatch.row(call, new long[] {3, 4, 5, 6, 7, 8});
            NDArray seven = TokenBatch.row(call, new long[] {3, 4, 5, 6, 7, 8, 9});
            Decoder decoder = model.decoder();
            try (PrefixCache both = PrefixCache.prefill(decoder, call, context);
                    PrefixCache brief = PrefixCache.prefill(decoder.forLength(10), call, context)) {
                assertThat(both.bytes()).isEqualTo(2 * brief.bytes());
                assertThat(decoder.hidden(call, six, brief, Probe.NONE).toFloatArray())
                        .isEqualTo(decoder.hidden(call, six, both, Probe.NONE).toFloatArray());
                assertThatThrownBy(() -> decoder.hidden(call, seven, brief, Probe.NONE))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("computed for sequences of other lengths");
            }
        }
    }

    @Test
    void theChunkBearsOnTheLastBitsOnly() {
        PromptSet prompts = prompts(9);
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama"))) {
            List<Prediction> small = run(new ShotSweep(prompts, 1), model.manager(), model.decoder())
                    .shots()
                    .get(3)
                    .predictions();
            List<Prediction> large = run(new ShotSweep(prompts, 16), model.manager(), model.decoder())
                    .shots()
                    .get(3)
                    .predictions();
            for (int i = 0; i < small.size(); i++) {
                assertThat(small.get(i).predicted()).isEqualTo(large.get(i).predicted());
                assertThat(small.get(i).scores().get(0))
                        .isCloseTo(large.get(i).scores().get(0), within(1e-5));
            }
        }
    }

    @Test
    void logitsThatAreNotFiniteGiveNoPrediction() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama"));
                NDManager manager = model.manager().newSubManager()) {
            Weights weights = model.weights();
            NDArray head = manager.full(weights.tokens().getShape(), Float.NaN, DataType.FLOAT32);
            Decoder broken = model.decoder(new Weights(
                    weights.tokens(),
                    weights.positions(),
                    weights.layers(),
                    weights.finalNorm(),
                    new Linear(head, null)));
            ShotSweep.Result result = run(new ShotSweep(prompts(3)), manager, broken);
            assertThat(result.shots().get(3).predictions()).noneMatch(Prediction::defined);
        }
    }

    @Test
    void progressCountsQueriesAndNothingIsLeftBehindAlsoWhenStopped() {
        try (LanguageModel model = LanguageModel.open(Assets.at("golden/llama"))) {
            ShotSweep sweep = new ShotSweep(prompts(5), 2);
            int before = model.manager().getManagedArrays().size();
            var told = new ArrayList<Long>();
            sweep.run(model.manager(), model.decoder(), SHOTS, "icl", (what, done, total) -> {
                assertThat(total).isEqualTo(15);
                told.add(done);
            });
            assertThat(told).startsWith(0L).endsWith(15L).isSorted();
            assertThatThrownBy(() -> sweep.run(model.manager(), model.decoder(), SHOTS, "icl", (what, done, total) -> {
                        if (done > 6) throw new CancelledException();
                    }))
                    .isInstanceOf(CancelledException.class);
            assertThat(model.manager().getManagedArrays()).hasSize(before);
        }
    }

    private static ShotSweep.Result run(ShotSweep sweep, NDManager manager, Decoder decoder) {
        return sweep.run(manager, decoder, SHOTS, "icl", Progress.none());
    }

    private static List<Double> likelihoods(LanguageModel model, TokenIds start, TokenIds label) {
        try (NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            long[] ids =
                    Arrays.stream(start.then(label).toArray()).asLongStream().toArray();
            Decoder whole = model.decoder().forLength(start.length() + LONGEST_CONTINUATION);
            NDArray hidden = whole.hidden(call, TokenBatch.row(call, ids)).squeeze(0);
            NDArray all = model.decoder().logits(call, hidden).logSoftmax(-1); // (T, V)
            var likelihoods = new ArrayList<Double>();
            for (int t = 0; t < label.length(); t++) {
                likelihoods.add((double) all.getFloat(start.length() - 1 + t, label.at(t)));
            }
            return likelihoods;
        }
    }

    private static PromptSet prompts(int queries) {
        var random = new Random(3);
        TokenIds context = TokenIds.of(0);
        var boundaries = new ArrayList<>(List.of(1));
        for (int i = 0; i < 3; i++) {
            context = context.then(ids(random, 4 + i)).then(2);
            boundaries.add(context.length());
        }
        var rows = new ArrayList<PromptSet.Query>();
        for (int i = 0; i < queries; i++) {
            rows.add(new PromptSet.Query("validation:" + i, "", 0, ids(random, 1 + random.nextInt(9))));
        }
        return new PromptSet(
                new PromptSet.TemplateUse("test", 1, "", false),
                0,
                2,
                64,
                0,
                13,
                List.of(label(9), label(11, 12), label(11, 12, 13), label(11, 14)),
                context,
                boundaries,
                List.of(),
                List.of(),
                rows,
                List.of());
    }

    private static PromptSet.Label label(int... ids) {
        return new PromptSet.Label(Arrays.toString(ids), "", TokenIds.of(ids));
    }

    private static TokenIds ids(Random random, int count) {
        return TokenIds.of(random.ints(count, 3, 100).toArray());
    }
}
