package org.dualform.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.model.TokenBatch;
import org.dualform.model.Transformers;
import org.dualform.model.tokenizer.TextTokenizer;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.GeneratedTokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The built-in model as it lies in {@code models/mini}. */
class MiniModelTest {
    private static final Path FOLDER = Recipes.builtInFile().getParent();
    private static final String TEXT =
            "<bos> Sentence: the happy dog yesterday Label: marble <eos> Sentence: later lovely bread Label:";

    @Test
    void itIsSmallAndTheRecipesOwn() throws IOException {
        assertThat(Files.size(FOLDER.resolve("model.safetensors"))).isLessThan(4_000_000);
        Recipe.Shape shape = Recipes.builtIn().model();
        Lexicon lexicon = Lexicon.builtIn();
        CorpusMix mix = Objects.requireNonNull(Recipes.builtIn().corpus());
        ModelFiles files = new ModelFiles(shape, new GeneratedTokens(lexicon, new Vocabulary(lexicon), mix, 1));
        assertThat(new ObjectMapper().readTree(FOLDER.resolve("config.json").toFile()))
                .isEqualTo(new ObjectMapper().readTree(files.config().toString()));
        assertThat(shape.maxPositions()).isGreaterThanOrEqualTo(512);
    }

    @Test
    @Tag("slow")
    void itLearnsInContextWithLabelsItNeverMet() {
        Recipe.Evaluation settings = new Recipe.Evaluation(1, 100, 4242);
        Lexicon lexicon = Lexicon.builtIn();
        try (LanguageModel model = LanguageModel.open(FOLDER);
                NoGrad off = new NoGrad()) {
            Map<String, Map<Integer, Double>> accuracy = new ShotEvaluation(lexicon, new Vocabulary(lexicon), settings)
                    .run(model.manager(), model.decoder());
            for (String condition : List.of("held-out labels, 2 topics", "held-out labels, 4 topics")) {
                Map<Integer, Double> curve = Objects.requireNonNull(accuracy.get(condition));
                assertThat(curve.get(8) - curve.get(0)).as(condition).isGreaterThan(0.25);
            }
        }
    }

    @Test
    @Tag("slow")
    void transformersReadsItAndGivesTheSameLogits() throws IOException, InterruptedException {
        JsonNode theirs = Transformers.run(
                MiniModelTest.class, "logits.py", FOLDER.toAbsolutePath().toString(), TEXT);
        assertThat(theirs.get("class").asText()).isEqualTo("LlamaForCausalLM");
        try (LanguageModel model = LanguageModel.open(FOLDER);
                TextTokenizer tokenizer = TextTokenizer.open(FOLDER);
                NDManager call = model.manager().newSubManager();
                NoGrad off = new NoGrad()) {
            long[] ids = Arrays.stream(tokenizer.encode(TEXT)).asLongStream().toArray();
            assertThat(theirs.get("ids")).hasSize(ids.length);
            for (int i = 0; i < ids.length; i++) {
                assertThat(ids[i]).isEqualTo(theirs.get("ids").get(i).asLong());
            }
            NDArray hidden = model.decoder().hidden(call, TokenBatch.row(call, ids)); // (1, T, d)
            float[] ours = model.decoder().logits(call, hidden.get(":, -1")).toFloatArray(); // (1, V)
            for (int i = 0; i < ours.length; i++) {
                assertThat(ours[i])
                        .isCloseTo((float) theirs.get("logits").get(i).asDouble(), within(1e-4f));
            }
        }
    }
}
