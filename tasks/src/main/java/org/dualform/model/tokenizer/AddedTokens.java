package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Checks and copies the tokens that a tokenizer.json adds to its vocabulary. */
final class AddedTokens {
    private static final int MOST = 1 << 18;
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized", "special");

    private AddedTokens() {}

    /**
     * @param normalizer the normalizer, which is applied to tokens that say so; the library fails at a token of which it
     *     leaves nothing
     * @param ids takes the tokens' ids
     */
    static ArrayNode copy(Values values, JsonNode tokens, JsonNode normalizer, Map<String, Integer> ids) {
        ArrayNode copies = JsonNodeFactory.instance.arrayNode();
        if (tokens.isMissingNode() || tokens.isNull()) return copies;
        if (!tokens.isArray() || tokens.size() > MOST) {
            values.mistake("added_tokens", "a list of at most " + MOST + " tokens", tokens);
            return copies;
        }
        for (int i = 0; i < tokens.size(); i++) {
            String at = "added_tokens[" + i + "]";
            JsonNode token = tokens.get(i);
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            JsonNode content = token.path("content");
            boolean named = values.text(at + ".content", content);
            boolean numbered = values.id(at + ".id", token.path("id"));
            if (named && numbered) ids.put(content.textValue(), token.get("id").intValue());
            boolean normalized = token.path("normalized").asBoolean(false);
            if (named && normalized && Normalizer.mayEmpty(normalizer, content.textValue())) {
                values.mistake(at + ".content", "a text of which the normalizer leaves something", content);
            }
            copy.set("id", token.path("id"));
            copy.set("content", content);
            for (String flag : FLAGS) {
                values.flag(at + "." + flag, token.path(flag));
                copy.set(flag, token.path(flag));
            }
            copies.add(copy);
        }
        return copies;
    }
}
