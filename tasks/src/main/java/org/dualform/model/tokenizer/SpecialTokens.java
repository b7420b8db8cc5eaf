package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.dualform.contract.UserException;
import org.dualform.gguf.GgufFile;
import org.dualform.model.family.file.ModelConfig;
import org.dualform.model.gguf.GgufModel;

/** The tokens that begin and end a text, by their ids. */
record SpecialTokens(int bos, int eos) {
    /**
     * Those of tokenizer_config.json, else those of config.json, else the tokenizer's own {@code <|endoftext|>}. If
     * there is an EOS but no BOS, sequences begin with the EOS.
     */
    static SpecialTokens of(Path folder, TokenizerFile tokenizer) throws IOException {
        OptionalInt eos = find(folder, tokenizer, "eos_token");
        OptionalInt bos = find(folder, tokenizer, "bos_token");
        if (eos.isEmpty()) {
            throw UserException.data("Neither tokenizer_config.json nor config.json in " + folder
                    + " says which token ends a text: add \"eos_token\" to tokenizer_config.json.");
        }
        return new SpecialTokens(bos.orElse(eos.getAsInt()), eos.getAsInt());
    }

    /** Those that a GGUF file's metadata name, with the same rule for a BOS that is not there. */
    static SpecialTokens of(GgufFile file, TokenizerFile tokenizer) {
        OptionalInt eos = GgufModel.token(file, "eos");
        int end = eos.orElseGet(() -> tokenizer
                .id("<|endoftext|>")
                .orElseThrow(() -> UserException.data("The metadata of " + file.path()
                        + " do not say which token ends a text (tokenizer.ggml.eos_token_id).")));
        int begin = GgufModel.token(file, "bos").orElse(end);
        int most = tokenizer.largestId();
        if (begin > most || end > most)
            throw UserException.data("The metadata of " + file.path() + " name the special tokens " + begin + " and "
                    + end + ", but the vocabulary ends at " + most + ".");
        return new SpecialTokens(begin, end);
    }

    private static OptionalInt find(Path folder, TokenizerFile tokenizer, String key) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        if (Files.isRegularFile(config)) {
            JsonNode token = TokenizerFile.LENIENT.readTree(config.toFile()).path(key);
            String text = token.isObject() ? token.path("content").asText("") : token.asText("");
            OptionalInt id = tokenizer.id(text);
            if (id.isPresent()) return id;
            if (!text.isEmpty()) {
                throw UserException.data("In " + config + " \"" + key + "\" is \"" + text
                        + "\", but tokenizer.json has no such token. Correct the name, or save the tokenizer again"
                        + " (AutoTokenizer.from_pretrained(…).save_pretrained).");
            }
        }
        if (Files.isRegularFile(folder.resolve("config.json"))) {
            OptionalInt id = ModelConfig.read(folder).tokenId(key + "_id");
            if (id.isPresent()) return id;
        }
        return tokenizer.id("<|endoftext|>");
    }
}
