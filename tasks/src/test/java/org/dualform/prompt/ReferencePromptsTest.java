package org.dualform.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.data.Dataset;
import org.dualform.data.DatasetReader;
import org.dualform.data.LabelledRow;
import org.dualform.data.RowChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every sequence equals that of the plain Hugging Face run, id by id. */
class ReferencePromptsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ASSETS = assets();

    @ParameterizedTest
    @ValueSource(strings = {"stories15M_sst2_limit256", "stories15M_agnews_limit256", "stories15M_sst2_k8"})
    void sequencesEqualTheReference(String name) throws IOException {
        Path file = ASSETS.resolve("golden/reference/" + name + ".json");
        assumeTrue(Files.exists(file), () -> "needs " + file);
        JsonNode reference = JSON.readTree(file.toFile());
        Dataset data = DatasetReader.read(
                ASSETS.resolve("datasets").resolve(reference.get("data").asText()), "validation", Optional.empty());
        int shots = reference.get("k_requested").asInt();
        int limit = reference.get("inputs_ids").size();
        List<LabelledRow> demonstrations = Dataset.pick(
                data.train(), RowChoice.demonstrations(0, data.train().size(), shots));
        List<LabelledRow> queries = Dataset.pick(
                data.evaluation(), RowChoice.evaluated(true, data.evaluation().size(), limit));
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                ASSETS.resolve("models/stories15M/tokenizer.json"), Map.of("truncation", "false"))) {
            PromptSet prompts = new PromptAssembler(
                            llama(tokenizer, reference),
                            Templates.choose("auto", data.name()).template(),
                            data.labels(),
                            false)
                    .assemble(
                            demonstrations,
                            0,
                            queries,
                            List.of(0, shots),
                            reference.get("limit").asInt(),
                            0);
            assertThat(prompts.context()).isEqualTo(ids(reference.get("context_ids")));
            assertThat(prompts.queries()).extracting(PromptSet.Query::ids).isEqualTo(all(reference.get("inputs_ids")));
            assertThat(prompts.labels()).extracting(PromptSet.Label::ids).isEqualTo(all(reference.get("label_ids")));
            assertThat(prompts.demonstrations())
                    .extracting(PromptSet.Demonstration::tuning)
                    .isEqualTo(all(reference.get("ft_ids")));
            assertThat(prompts.queries()).extracting(PromptSet.Query::gold).isEqualTo(numbers(reference.get("gold")));
            assertThat(prompts.distinctTrueShots())
                    .containsExactly(0, reference.get("k_used").asInt());
            JsonNode columns = reference.get("demo_token_columns_in_context");
            assertThat(prompts.firstColumn(0)).isEqualTo(columns.get(0).asInt());
            assertThat(prompts.endColumn(prompts.demonstrations().size() - 1))
                    .isEqualTo(columns.get(1).asInt() + 1);
        }
    }

    private static PieceEncoder llama(HuggingFaceTokenizer tokenizer, JsonNode reference) {
        return new PieceEncoder() {
            @Override
            public int[] encode(String piece) {
                long[] ids = tokenizer.encode(piece, false, false).getIds();
                int[] narrow = new int[ids.length];
                for (int i = 0; i < ids.length; i++) narrow[i] = Math.toIntExact(ids[i]);
                return narrow;
            }

            @Override
            public boolean prependsSpace() {
                return true;
            }

            @Override
            public int bos() {
                return reference.get("bos").asInt();
            }

            @Override
            public int eos() {
                return reference.get("eos").asInt();
            }

            @Override
            public int vocabularySize() {
                return 32_000;
            }
        };
    }

    private static TokenIds ids(JsonNode array) {
        return TokenIds.of(numbers(array).stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<TokenIds> all(JsonNode arrays) {
        List<TokenIds> all = new ArrayList<>();
        arrays.forEach(array -> all.add(ids(array)));
        return all;
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }

    private static Path assets() {
        String given = System.getenv("DUALFORM_TEST_ASSETS");
        return given != null ? Path.of(given) : Path.of(System.getProperty("dualform.root", "."), "../shared");
    }
}
