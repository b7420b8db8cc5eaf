package org.dualform.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.contract.UserException;
import org.dualform.model.family.file.ModelConfig;

/** The tokenizer of a model folder: its tokenizer.json. Safe for use by several threads. */
public final class TextTokenizer implements AutoCloseable {
    private static final Map<String, String> AS_IS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerDescription description;
    private final int bos;
    private final int eos;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, TokenizerDescription description, int bos, int eos) {
        this.tokenizer = tokenizer;
        this.description = description;
        this.bos = bos;
        this.eos = eos;
    }

    /**
     * Reads the tokenizer.json of a folder. BOS and EOS are those of tokenizer_config.json, else those of config.json,
     * else the tokenizer's own {@code <|endoftext|>}. If there is an EOS but no BOS, sequences begin with the EOS.
     */
    public static TextTokenizer open(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        if (!Files.isRegularFile(file)) {
            throw UserException.data("The model folder " + folder + " has no tokenizer.json. Save the model's fast"
                    + " tokenizer there (AutoTokenizer.from_pretrained(…).save_pretrained).");
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            TokenizerDescription description = TokenizerDescription.read(file, bytes);
            OptionalInt eos = special(folder, description, "eos_token");
            OptionalInt bos = special(folder, description, "bos_token");
            if (eos.isEmpty()) {
                throw UserException.data("Neither tokenizer_config.json nor config.json in " + folder
                        + " says which token ends a text: add \"eos_token\" to tokenizer_config.json.");
            }
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), AS_IS);
            return new TextTokenizer(tokenizer, description, bos.orElse(eos.getAsInt()), eos.getAsInt());
        } catch (IOException e) {
            throw UserException.data("The file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            if (e instanceof UserException) throw e;
            throw UserException.data("The file " + file + " is not a tokenizer: " + e.getMessage(), e);
        }
    }

    private static OptionalInt special(Path folder, TokenizerDescription description, String key) throws IOException {
        Path config = folder.resolve("tokenizer_config.json");
        if (Files.isRegularFile(config)) {
            JsonNode token =
                    TokenizerDescription.LENIENT.readTree(config.toFile()).path(key);
            String text = token.isObject() ? token.path("content").asText("") : token.asText("");
            OptionalInt id = description.id(text);
            if (id.isPresent()) return id;
        }
        if (Files.isRegularFile(folder.resolve("config.json"))) {
            OptionalInt id = ModelConfig.read(folder).tokenId(key + "_id");
            if (id.isPresent()) return id;
        }
        return description.id("<|endoftext|>");
    }

    /** The token ids of a text, without special tokens. */
    public int[] encode(String text) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        int[] out = new int[ids.length];
        for (int i = 0; i < ids.length; i++) out[i] = Math.toIntExact(ids[i]);
        return out;
    }

    /** The text of token ids, special tokens included. */
    public String decode(int... ids) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) wide[i] = ids[i];
        return tokenizer.decode(wide, false);
    }

    /** The id of the token that begins a text. */
    public int bos() {
        return bos;
    }

    /** The id of the token that ends a text. */
    public int eos() {
        return eos;
    }

    /**
     * Whether the tokenizer itself puts a space before every text, so that {@code " word"} would begin with two spaces.
     */
    public boolean prependsSpace() {
        return description.prependsSpace();
    }

    /** The largest id plus 1. If it exceeds the model's vocabulary, tokenizer and model do not belong together. */
    public int vocabularySize() {
        return description.largestId() + 1;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
