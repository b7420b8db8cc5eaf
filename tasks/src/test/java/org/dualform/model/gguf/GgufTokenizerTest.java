package org.dualform.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufWriter;
import org.dualform.model.Assets;
import org.dualform.model.tokenizer.TextTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies in GGUF files give the ids of the tokenizer.json that they were written from. */
class GgufTokenizerTest {
    private static final String PREFIX = "tokenizer.ggml.";

    @TempDir
    Path folder;

    /** Writes the vocabulary of a tokenizer.json as llama.cpp's converter does. */
    private Path written(Path model, String kind, String pre) throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(model.resolve("tokenizer.json").toFile());
        Map<String, Integer> ids = new TreeMap<>();
        json.path("model")
                .path("vocab")
                .properties()
                .forEach(e -> ids.put(e.getKey(), e.getValue().asInt()));
        json.path("added_tokens")
                .forEach(t -> ids.put(t.path("content").asText(), t.path("id").asInt()));
        String[] tokens = new String[ids.size()];
        ids.forEach((token, id) -> tokens[id] = token);
        Map<String, Float> ranks = new HashMap<>();
        // A piece's score is higher the earlier it is merged.
        for (JsonNode merge : json.path("model").path("merges"))
            ranks.putIfAbsent(pair(merge).replace(" ", ""), -1f * ranks.size());
        List<Integer> types = new ArrayList<>();
        List<Float> scores = new ArrayList<>();
        for (String token : tokens) {
            types.add(token.matches("<0x..>") ? 6 : 1);
            scores.add(ranks.getOrDefault(token, 0f));
        }
        json.path("added_tokens")
                .forEach(t -> types.set(
                        t.path("id").asInt(), t.path("content").asText().equals("<unk>") ? 2 : 3));
        GgufWriter writer = new GgufWriter()
                .put("general.architecture", "llama")
                .put(PREFIX + "model", kind)
                .put(PREFIX + "pre", pre)
                .put(PREFIX + "tokens", List.of(tokens))
                .put(PREFIX + "token_type", types)
                .put(PREFIX + "eos_token_id", tokens.length - 1);
        if (kind.equals("llama")) return writer.put(PREFIX + "scores", scores).write(folder.resolve("v.gguf"));
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : json.path("model").path("merges")) merges.add(pair(merge));
        return writer.put(PREFIX + "merges", merges).write(folder.resolve("v.gguf"));
    }

    private static String pair(JsonNode merge) {
        return merge.isTextual()
                ? merge.asText()
                : merge.path(0).asText() + " " + merge.path(1).asText();
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"gpt2-tokenizer,gpt2,gpt-2", "stories15M,llama,default", "stories260K,llama,default"})
    void tenThousandLinesHaveTheIdsOfTheTokenizerItself(String name, String kind, String pre) throws IOException {
        Path model = Assets.at("models/" + name);
        try (TextTokenizer own = TextTokenizer.open(model);
                TextTokenizer read = TextTokenizer.open(written(model, kind, pre))) {
            assertThat(read.vocabularySize()).isEqualTo(own.vocabularySize());
            assertThat(read.prependsSpace()).isEqualTo(own.prependsSpace());
            for (String line : MixedText.lines(10_000, 1)) {
                int[] ids = own.encode(line);
                assertThat(read.encode(line)).as(line).isEqualTo(ids);
                assertThat(read.decode(ids)).as(line).isEqualTo(own.decode(ids));
            }
        }
    }

    /** A vocabulary of single bytes, so that what is cut apart is seen in the merges that are not made. */
    private static GgufWriter bytes(String pre, String... more) {
        List<String> tokens = new ArrayList<>();
        for (char c = '!'; c <= '~'; c++) tokens.add(String.valueOf(c));
        for (String token : List.of("Ġ", "11", "111", "Ġ1", "<end>", "<keep>")) tokens.add(token);
        List<Integer> types = new ArrayList<>();
        for (String token : tokens) types.add(token.equals("<end>") ? 3 : token.equals("<keep>") ? 4 : 1);
        for (String token : more) {
            tokens.add(token);
            types.add(1);
        }
        return new GgufWriter()
                .put("general.architecture", "llama")
                .put(PREFIX + "model", "gpt2")
                .put(PREFIX + "pre", pre)
                .put(PREFIX + "tokens", tokens)
                .put(PREFIX + "token_type", types)
                .put(PREFIX + "merges", List.of("1 1", "11 1", "Ġ 1"))
                .put(PREFIX + "bos_token_id", 3)
                .put(PREFIX + "eos_token_id", tokens.indexOf("<end>"));
    }

    private List<String> pieces(GgufWriter writer, String text) throws IOException {
        try (TextTokenizer read = TextTokenizer.open(writer.write(folder.resolve("b.gguf")))) {
            List<String> pieces = new ArrayList<>();
            for (int id : read.encode(text)) pieces.add(read.decode(id));
            return pieces;
        }
    }

    /** What is known of each pre-tokenizer: GPT-2 takes all digits at once and Qwen one, Llama 3 at most three. */
    @Test
    void thePreTokenizerDecidesWhatIsMerged() throws IOException {
        assertThat(pieces(bytes("gpt-2"), "11111 1")).containsExactly("11", "111", " 1");
        assertThat(pieces(bytes("qwen2"), "111 1")).containsExactly("1", "1", "1", " ", "1");
        assertThat(pieces(bytes("llama-bpe"), "11111 1")).containsExactly("111", "11", " ", "1");
        assertThat(pieces(bytes("smollm"), "111 1")).containsExactly("1", "1", "1", " ", "1");
        assertThat(pieces(bytes("tekken"), "11 1")).containsExactly("1", "1", " ", "1");
        // Llama 3 takes a whole word that it knows, though no merges lead to it.
        assertThat(pieces(bytes("llama-bpe", "zq"), "zq")).containsExactly("zq");
        assertThat(pieces(bytes("gpt-2", "zq"), "zq")).containsExactly("z", "q");
    }

    @Test
    void controlAndUserTokensAreFoundWhole() throws IOException {
        assertThat(pieces(bytes("gpt-2"), "a<end>b<keep>c")).containsExactly("a", "<end>", "b", "<keep>", "c");
        try (TextTokenizer read = TextTokenizer.open(bytes("gpt-2").write(folder.resolve("c.gguf")))) {
            assertThat(read.bos()).isEqualTo(3);
            assertThat(read.decode(read.eos())).isEqualTo("<end>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-coder", "default", ""})
    void aPreTokenizerThatIsNotKnownIsNamed(String pre) {
        assertThatThrownBy(() -> pieces(bytes(pre), "a"))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("b.gguf", "\"" + pre + "\"", "llama-bpe", "tokenizer.json");
    }

    @Test
    void whatIsWrongWithAVocabularyIsSaid() throws IOException {
        assertRefused(bytes("gpt-2").put(PREFIX + "model", "t5"), "kind \"t5\"", "gpt2", "llama");
        assertRefused(bytes("gpt-2").without(PREFIX + "tokens"), "no vocabulary");
        assertRefused(bytes("gpt-2").without(PREFIX + "merges"), "no merges");
        assertRefused(bytes("gpt-2").put(PREFIX + "token_type", List.of(1, 1)), "types of 2");
        assertRefused(bytes("gpt-2").put(PREFIX + "model", "llama"), "the scores of 0");
        assertRefused(bytes("gpt-2").put(PREFIX + "eos_token_id", 1000), "1000", "vocabulary ends");
        assertRefused(bytes("gpt-2").without(PREFIX + "eos_token_id"), "eos_token_id");
        assertRefused(bytes("gpt-2").put(PREFIX + "merges", List.of("no merge of these")), "b.gguf");
    }

    private void assertRefused(GgufWriter writer, String... words) {
        assertThatThrownBy(() -> pieces(writer, "a"))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("b.gguf")
                .hasMessageContainingAll(words);
    }
}
