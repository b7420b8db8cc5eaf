package org.dualform.data.synthetic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a {@link Vocabulary} as Hugging Face tokenizer files, of type WordLevel and split at white space. */
public final class TokenizerFiles {
    private static final List<String> SPECIAL = List.of(Vocabulary.BOS, Vocabulary.EOS, Vocabulary.UNKNOWN);

    private final ObjectMapper json = new ObjectMapper();
    private final Vocabulary vocabulary;

    public TokenizerFiles(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json} into {@code folder}. */
    public void write(Path folder, int maxPositions) throws IOException {
        write(folder.resolve("tokenizer.json"), tokenizer());
        write(folder.resolve("tokenizer_config.json"), config(maxPositions));
    }

    private void write(Path file, ObjectNode content) throws IOException {
        Files.writeString(file, json.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }

    private ObjectNode tokenizer() {
        ObjectNode root = json.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String token : SPECIAL) {
            added.addObject()
                    .put("id", vocabulary.id(token))
                    .put("content", token)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        root.putNull("post_processor");
        root.putNull("decoder");
        ObjectNode model = root.putObject("model");
        model.put("type", "WordLevel");
        ObjectNode ids = model.putObject("vocab");
        vocabulary.tokens().forEach(token -> ids.put(token, vocabulary.id(token)));
        model.put("unk_token", Vocabulary.UNKNOWN);
        return root;
    }

    private ObjectNode config(int maxPositions) {
        return json.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("model_max_length", maxPositions)
                .put("clean_up_tokenization_spaces", false)
                .put("bos_token", Vocabulary.BOS)
                .put("eos_token", Vocabulary.EOS)
                .put("unk_token", Vocabulary.UNKNOWN);
    }
}
