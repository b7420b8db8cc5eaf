package org.dualform.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.dualform.contract.UserException;

/** What tokenizer.json says about the tokenizer and the native tokenizer does not tell. */
final class TokenizerDescription {
    /** Accepts vocabularies that name a token twice, which exist. */
    static final ObjectMapper LENIENT = new ObjectMapper();

    private final JsonNode root;
    private final int largestId;

    private TokenizerDescription(JsonNode root) {
        this.root = root;
        this.largestId = findLargestId(root);
    }

    static TokenizerDescription read(Path file, byte[] bytes) throws IOException {
        JsonNode root = LENIENT.readTree(bytes);
        if (root == null || !root.path("model").isObject()) {
            throw UserException.data("The file " + file + " is not a tokenizer.json: it has no \"model\".");
        }
        return new TokenizerDescription(root);
    }

    /** The id of a token, which may be a special one. */
    OptionalInt id(String token) {
        if (token.isEmpty()) return OptionalInt.empty();
        for (JsonNode added : root.path("added_tokens")) {
            if (added.path("content").asText().equals(token)) {
                return OptionalInt.of(added.path("id").asInt());
            }
        }
        JsonNode vocabulary = root.path("model").path("vocab");
        return vocabulary.isObject() && vocabulary.has(token)
                ? OptionalInt.of(vocabulary.get(token).asInt())
                : OptionalInt.empty();
    }

    int largestId() {
        return largestId;
    }

    private static int findLargestId(JsonNode root) {
        int largest = -1;
        for (JsonNode added : root.path("added_tokens")) {
            largest = Math.max(largest, added.path("id").asInt());
        }
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary.isArray()) return Math.max(largest, vocabulary.size() - 1);
        for (JsonNode id : vocabulary) largest = Math.max(largest, id.asInt());
        return largest;
    }

    boolean prependsSpace() {
        return prepends(root.path("normalizer")) || prepends(root.path("pre_tokenizer"));
    }

    private static boolean prepends(JsonNode step) {
        switch (step.path("type").asText("")) {
            case "Sequence" -> {
                for (JsonNode part : step.has("normalizers") ? step.get("normalizers") : step.path("pretokenizers")) {
                    if (prepends(part)) return true;
                }
                return false;
            }
            case "Prepend" -> {
                return true;
            }
            case "Metaspace" -> {
                return step.has("prepend_scheme")
                        ? !step.get("prepend_scheme").asText().equals("never")
                        : step.path("add_prefix_space").asBoolean(true);
            }
            default -> {
                return step.path("add_prefix_space").asBoolean(false);
            }
        }
    }
}
