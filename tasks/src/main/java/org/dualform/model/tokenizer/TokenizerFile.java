package org.dualform.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.dualform.contract.UserException;

/**
 * A tokenizer.json that was read and checked.
 *
 * <p>The library gets {@link #json}: what it needs to encode and decode, and nothing else. That leaves out what acts in
 * training only (dropout), what would cut or fill prompts (truncation and padding), and what adds special tokens, which
 * are added here.
 */
final class TokenizerFile {
    /** Accepts vocabularies that name a token twice, which exist. */
    static final ObjectMapper LENIENT = new ObjectMapper();

    private static final long LARGEST_FILE = 1L << 29;

    private final byte[] json;
    private final Map<String, Integer> ids;
    private final boolean prependsSpace;

    private TokenizerFile(byte[] json, Map<String, Integer> ids, boolean prependsSpace) {
        this.json = json;
        this.ids = ids;
        this.prependsSpace = prependsSpace;
    }

    /**
     * Reads and checks a file.
     *
     * @throws UserException naming every value that is wrong
     */
    static TokenizerFile read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw UserException.data("The file " + file + " has " + Files.size(file) + " bytes: a tokenizer.json has at"
                    + " most " + LARGEST_FILE + ".");
        }
        JsonNode root;
        try {
            root = LENIENT.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw UserException.data("The file " + file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        return of(file, root);
    }

    /**
     * Checks the content of a file.
     *
     * @param file for messages
     */
    static TokenizerFile of(Path file, JsonNode root) throws IOException {
        if (root == null || !root.path("model").isObject()) {
            throw UserException.data("The file " + file + " is not a tokenizer.json: it has no \"model\".");
        }
        Values values = new Values(file);
        VocabularyRules vocabulary = new VocabularyRules(values, root.get("model"));
        ObjectNode model = vocabulary.copy();
        Map<String, Integer> ids = new HashMap<>(vocabulary.ids());
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        if (!root.path("version").asText("1.0").equals("1.0"))
            values.mistake("version", "\"1.0\"", root.get("version"));
        copy.put("version", "1.0");
        JsonNode normalizer = Steps.normalizer(values, root.path("normalizer"));
        copy.set("added_tokens", AddedTokens.copy(values, root.path("added_tokens"), normalizer, ids));
        copy.set("normalizer", normalizer);
        copy.set("pre_tokenizer", Steps.preTokenizer(values, root.path("pre_tokenizer")));
        copy.set("decoder", Steps.decoder(values, root.path("decoder")));
        copy.set("model", model);
        values.throwIfAny();
        return new TokenizerFile(LENIENT.writeValueAsBytes(copy), ids, LeadingSpace.prepended(copy));
    }

    /** What the library reads. */
    byte[] json() {
        return json;
    }

    /** The id of a token, which may be a special one. */
    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    int largestId() {
        return ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    }

    boolean prependsSpace() {
        return prependsSpace;
    }
}
