package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether a tokenizer's steps put a space before a text that has none. */
final class LeadingSpace {
    /** What SentencePiece writes for a space. */
    private static final char MARK = '\u2581';

    private LeadingSpace() {}

    static boolean prepended(JsonNode tokenizer) {
        String normalized = Normalizer.applied(tokenizer.path("normalizer"), "a");
        return normalized.startsWith(" ") || normalized.indexOf(MARK) == 0 || prepends(tokenizer.path("pre_tokenizer"));
    }

    private static boolean prepends(JsonNode step) {
        switch (step.path("type").asText("")) {
            case "Sequence" -> {
                for (JsonNode part : step.path("pretokenizers")) if (prepends(part)) return true;
                return false;
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
