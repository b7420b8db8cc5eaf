package org.dualform.theory;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dualform.contract.Progress;
import org.dualform.model.Assets;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.dualform.theory.result.Floor;
import org.dualform.theory.result.LayerRow;
import org.dualform.theory.result.Measure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The identities hold in the layers of real decoders; a model of every way to make keys and to mix them. */
class DualFormMeasurementTest {
    private static final double DOUBLE = 1e-12;
    private static final double SINGLE = 1e-5;
    private static final int LARGE_VOCABULARY = 1000;
    private static final double RATE = 0.01;
    private static final Path MINI =
            Path.of(System.getProperty("dualform.root", "..")).resolve("models/mini");

    @ParameterizedTest
    @CsvSource({
        "bloom, true",
        "gemma, true",
        "gemma2, true",
        "gemma3_text, false",
        "gpt2, true",
        "gpt_neo, true",
        "gpt_neox, true",
        "gptj, true",
        "granite, true",
        "llama_gqa, true",
        "mistral, true",
        "olmo2, false",
        "opt, true",
        "phi, true",
        "phi3, true",
        "phi3_longrope, true",
        "qwen2, true",
        "qwen3, false",
        "smollm3, true",
        "stablelm_parallel, false",
        "starcoder2, true",
        "xglm, true"
    })
    void identitiesHoldInAGoldenModelOfEveryFamily(String name, boolean affine) {
        holds(Assets.at("golden/" + name), DataType.FLOAT64, DOUBLE, affine);
    }

    @Test
    void identitiesHoldInPretrainedModels() {
        holds(Assets.at("models/stories15M"), DataType.FLOAT32, SINGLE, true);
        holds(MINI, DataType.FLOAT32, SINGLE, true);
        holds(MINI, DataType.FLOAT64, DOUBLE, true);
    }

    private static void holds(Path folder, DataType type, double limit, boolean affine) {
        try (LanguageModel model = LanguageModel.open(folder, type)) {
            int vocabulary = model.architecture().sizes().vocabulary();
            boolean small = vocabulary < LARGE_VOCABULARY;
            int arrays = model.manager().getManagedArrays().size();
            Setting setting = new Setting(prompts(vocabulary, seed(folder)), 3, RATE, true, small);
            Measured measured = DualFormMeasurement.of(model.manager(), model.decoder(), setting, Progress.none());
            assertThat(model.manager().getManagedArrays()).as("nothing is left").hasSize(arrays);
            assertThat(DualFormMeasurement.keysAffine(model.decoder())).isEqualTo(affine);
            assertThat(measured.tuned()).isTrue();
            List<LayerRow> identities = measured.rows().stream()
                    .filter(row -> row.measure().isIdentity())
                    .toList();
            assertThat(identities)
                    .allSatisfy(row -> assertThat(row.most()).as(row.toString()).isLessThan(limit));
            assertThat(identities)
                    .extracting(LayerRow::measure)
                    .contains(Measure.LINEAR_ICL, Measure.LINEAR_FT, Measure.MIXTURE, Measure.PATCH);
            assertThat(identities.stream().anyMatch(row -> row.measure() == Measure.THREE_TERMS))
                    .isEqualTo(affine);
            for (Measure compared : List.of(Measure.COSINE, Measure.ALIGNMENT, Measure.OVERLAP_VALUES)) {
                assertThat(measured.rows().stream().filter(row -> row.measure() == compared))
                        .extracting(LayerRow::floor)
                        .contains(Floor.NONE, Floor.RANDOM, Floor.PERMUTED);
            }
            assertThat(measured.rows()).allSatisfy(row -> assertThat(row.mean()).isFinite());
        }
    }

    /**
     * Of most golden models any tokens will do. To the random weights of phi, the third demonstration of seed 3 is so
     * unlikely that its loss looks like that of a training that diverged.
     */
    private static long seed(Path folder) {
        return folder.endsWith("phi") ? 1 : 3;
    }

    /** Three demonstrations of four tokens each after the token that opens every sequence, and two queries. */
    private static PromptSet prompts(int vocabulary, long seed) {
        Random random = new Random(seed);
        List<PromptSet.Demonstration> demonstrations = new ArrayList<>();
        TokenIds context = TokenIds.of(1);
        List<Integer> boundaries = new ArrayList<>(List.of(1));
        for (int i = 0; i < 3; i++) {
            TokenIds shown = ids(random, vocabulary, 4);
            demonstrations.add(new PromptSet.Demonstration(
                    "train:" + i, "", 0, TokenIds.of(1).then(shown), 1));
            context = context.then(shown);
            boundaries.add(context.length());
        }
        List<PromptSet.Query> queries = IntStream.range(0, 2)
                .mapToObj(i -> new PromptSet.Query("validation:" + i, "", 0, ids(random, vocabulary, 3 + i)))
                .toList();
        return new PromptSet(
                new PromptSet.TemplateUse("test", 1, "", false),
                1,
                2,
                64,
                0,
                6,
                List.of(new PromptSet.Label("a", "", TokenIds.of(3)), new PromptSet.Label("b", "", TokenIds.of(4))),
                context,
                boundaries,
                List.of(new PromptSet.ShotCount(3, 3, context.length())),
                demonstrations,
                queries,
                List.of());
    }

    private static TokenIds ids(Random random, int vocabulary, int count) {
        return TokenIds.of(random.ints(count, 3, vocabulary).toArray());
    }
}
