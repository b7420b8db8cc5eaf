package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Checks a tokenizer's model and copies it without what the library does not know, and without what acts in training
 * only: the {@code dropout} of BPE, which leaves out merges at random.
 */
final class VocabularyRules {
    private static final Map<String, List<String>> KEYS = Map.of(
            "BPE",
            List.of(
                    "unk_token",
                    "continuing_subword_prefix",
                    "end_of_word_suffix",
                    "fuse_unk",
                    "byte_fallback",
                    "ignore_merges",
                    "vocab",
                    "merges"),
            "WordPiece",
            List.of("unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"),
            "WordLevel",
            List.of("unk_token", "vocab"),
            "Unigram",
            List.of("unk_id", "byte_fallback", "vocab"));

    private static final int LONGEST_TOKEN = 4096;
    /** The library frees the tree of a Unigram vocabulary by one nested call a byte. */
    private static final int LONGEST_PIECE = 512;

    private static final int LONGEST_WORD = 10_000;

    private final Values values;
    private final JsonNode model;
    /** The ids of the vocabulary. */
    private final Map<String, Integer> ids = new HashMap<>();

    VocabularyRules(Values values, JsonNode model) {
        this.values = values;
        this.model = model;
    }

    Map<String, Integer> ids() {
        return ids;
    }

    ObjectNode copy() {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        String kind = kind();
        if (!KEYS.containsKey(kind)) {
            values.mistake(
                    "model.type", "one of " + String.join(", ", new TreeSet<>(KEYS.keySet())), model.path("type"));
            return copy;
        }
        copy.put("type", kind);
        for (String key : KEYS.getOrDefault(kind, List.of())) {
            JsonNode value = model.path(key);
            if (value.isMissingNode()) continue;
            copy.set(key, value);
            check(kind, key, value);
        }
        if (kind.equals("BPE")) prefixFits();
        return copy;
    }

    /** The kind that the file names, or else the kind that has its keys, as in files of before 2020. */
    private String kind() {
        if (model.has("type")) return model.path("type").asText("");
        if (model.has("merges")) return "BPE";
        if (model.path("vocab").isArray()) return "Unigram";
        return model.has("max_input_chars_per_word") ? "WordPiece" : "WordLevel";
    }

    private void check(String kind, String key, JsonNode value) {
        String at = "model." + key;
        switch (key) {
            case "vocab" -> {
                if (kind.equals("Unigram")) pieces(at, value);
                else tokens(at, value);
            }
            case "merges" -> merges(at, value);
            case "unk_id" -> {
                if (!value.isNull())
                    values.whole(at, value, 0, Math.max(0, model.path("vocab").size() - 1));
            }
            case "max_input_chars_per_word" -> values.whole(at, value, 0, LONGEST_WORD);
            case "fuse_unk", "byte_fallback", "ignore_merges" -> {
                if (!value.isNull() || kind.equals("Unigram")) values.flag(at, value);
            }
            default -> {
                if (!value.isNull() || !kind.equals("BPE")) values.text(at, value);
            }
        }
    }

    private void tokens(String at, JsonNode vocabulary) {
        if (!vocabulary.isObject() || vocabulary.size() > Values.LARGEST_ID) {
            values.mistake(at, "an object of tokens and their ids", vocabulary);
            return;
        }
        for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
            boolean text = values.text(at, token.getKey(), LONGEST_TOKEN);
            String name = text ? token.getKey() : "…";
            if (values.id(at + "." + name, token.getValue()) && text) {
                ids.put(token.getKey(), token.getValue().intValue());
            }
        }
    }

    /** The vocabulary of a Unigram model: a list of [piece, score], where a piece's place is its id. */
    private void pieces(String at, JsonNode vocabulary) {
        if (!vocabulary.isArray() || vocabulary.isEmpty() || vocabulary.size() > Values.LARGEST_ID) {
            values.mistake(at, "a list of pieces and their scores", vocabulary);
            return;
        }
        for (int i = 0; i < vocabulary.size(); i++) {
            JsonNode piece = vocabulary.get(i);
            String place = at + "[" + i + "]";
            JsonNode score = piece.path(1);
            if (!piece.isArray() || piece.size() != 2 || !score.isNumber() || !Double.isFinite(score.doubleValue())) {
                values.mistake(place, "a piece and a finite score", piece);
            } else if (values.text(place, piece.get(0), LONGEST_PIECE)) {
                ids.put(piece.get(0).textValue(), i);
            }
        }
    }

    private void merges(String at, JsonNode merges) {
        if (!merges.isArray()) {
            values.mistake(at, "a list", merges);
            return;
        }
        for (int i = 0; i < merges.size(); i++) {
            JsonNode merge = merges.get(i);
            String place = at + "[" + i + "]";
            if (merge.isTextual()) {
                values.text(place, merge.textValue(), 2 * LONGEST_TOKEN + 1);
            } else if (merge.isArray() && merge.size() == 2) {
                for (JsonNode half : merge) values.text(place, half, LONGEST_TOKEN);
            } else {
                values.mistake(place, "a pair of tokens", merge);
            }
        }
    }

    /** The library takes the prefix's length off the second token of each merge, wherever that falls. */
    private void prefixFits() {
        String prefix = model.path("continuing_subword_prefix").asText("");
        int length = Unicode.bytes(prefix);
        if (length == 0) return;
        for (JsonNode merge : model.path("merges")) {
            String second = merge.isArray()
                    ? merge.path(1).asText("")
                    : merge.asText("").replaceFirst("^[^ ]* ", "");
            byte[] bytes = second.getBytes(StandardCharsets.UTF_8);
            if (length < bytes.length ? (bytes[length] & 0xC0) == 0x80 : length > bytes.length) {
                values.mistake("model.merges", "a list whose second tokens begin with " + prefix, merge);
                return;
            }
        }
    }
}
