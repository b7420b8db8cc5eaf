package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps of a tokenizer before and after its model, as the library names them: the kinds that there are, and what each
 * kind is told. Checks a step and copies it without what the library does not know.
 */
final class Steps {
    private static final int DEEPEST = 10;
    private static final int MOST = 100;
    private static final int LONGEST_MAP = 1 << 24;
    /** How many times longer than a text its normalized form may be made by texts that replace characters. */
    private static final double LARGEST_GROWTH = 10_000;

    /** What a step is told by one of its keys. */
    private enum Field {
        FLAG,
        FLAG_OR_NULL,
        TEXT,
        CHARACTER,
        LENGTH,
        COUNT,
        NONE_AT_THE_END,
        BEHAVIOUR,
        SCHEME,
        PATTERN,
        CHARACTER_MAP,
        STEPS
    }

    private static final Map<String, Field> NOTHING = Map.of();
    private static final Map<String, Field> BYTES =
            Map.of("add_prefix_space", Field.FLAG, "trim_offsets", Field.FLAG, "use_regex", Field.FLAG);
    private static final Map<String, Field> SPACES = Map.of(
            "replacement",
            Field.CHARACTER,
            "add_prefix_space",
            Field.FLAG_OR_NULL,
            "prepend_scheme",
            Field.SCHEME,
            "split",
            Field.FLAG_OR_NULL);
    private static final Map<String, Field> REPLACE = Map.of("pattern", Field.PATTERN, "content", Field.TEXT);

    private static final Map<String, Map<String, Field>> NORMALIZERS = Map.ofEntries(
            Map.entry(
                    "BertNormalizer",
                    Map.of(
                            "clean_text",
                            Field.FLAG,
                            "handle_chinese_chars",
                            Field.FLAG,
                            "strip_accents",
                            Field.FLAG_OR_NULL,
                            "lowercase",
                            Field.FLAG)),
            Map.entry("Strip", Map.of("strip_left", Field.FLAG, "strip_right", Field.FLAG)),
            Map.entry("StripAccents", NOTHING),
            Map.entry("NFC", NOTHING),
            Map.entry("NFD", NOTHING),
            Map.entry("NFKC", NOTHING),
            Map.entry("NFKD", NOTHING),
            Map.entry("Lowercase", NOTHING),
            Map.entry("Nmt", NOTHING),
            Map.entry("ByteLevel", NOTHING),
            Map.entry("Precompiled", Map.of("precompiled_charsmap", Field.CHARACTER_MAP)),
            Map.entry("Replace", REPLACE),
            Map.entry("Prepend", Map.of("prepend", Field.TEXT)),
            Map.entry("Sequence", Map.of("normalizers", Field.STEPS)));

    private static final Map<String, Map<String, Field>> PRE_TOKENIZERS = Map.ofEntries(
            Map.entry("BertPreTokenizer", NOTHING),
            Map.entry("Whitespace", NOTHING),
            Map.entry("WhitespaceSplit", NOTHING),
            Map.entry("UnicodeScripts", NOTHING),
            Map.entry("ByteLevel", BYTES),
            Map.entry("Metaspace", SPACES),
            Map.entry("CharDelimiterSplit", Map.of("delimiter", Field.CHARACTER)),
            Map.entry("Punctuation", Map.of("behavior", Field.BEHAVIOUR)),
            Map.entry("Digits", Map.of("individual_digits", Field.FLAG)),
            Map.entry("FixedLength", Map.of("length", Field.LENGTH)),
            Map.entry("Split", Map.of("pattern", Field.PATTERN, "behavior", Field.BEHAVIOUR, "invert", Field.FLAG)),
            Map.entry("Sequence", Map.of("pretokenizers", Field.STEPS)));

    private static final Map<String, Map<String, Field>> DECODERS = Map.ofEntries(
            Map.entry("BPEDecoder", Map.of("suffix", Field.TEXT)),
            Map.entry("ByteLevel", BYTES),
            Map.entry("WordPiece", Map.of("prefix", Field.TEXT, "cleanup", Field.FLAG)),
            Map.entry("Metaspace", SPACES),
            Map.entry(
                    "CTC", Map.of("pad_token", Field.TEXT, "word_delimiter_token", Field.TEXT, "cleanup", Field.FLAG)),
            Map.entry("Replace", REPLACE),
            Map.entry("Fuse", NOTHING),
            Map.entry("ByteFallback", NOTHING),
            Map.entry("Strip", Map.of("content", Field.CHARACTER, "start", Field.COUNT, "stop", Field.NONE_AT_THE_END)),
            Map.entry("Sequence", Map.of("decoders", Field.STEPS)));

    private static final Set<String> BEHAVIOURS =
            Set.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");
    private static final Set<String> SCHEMES = Set.of("first", "never", "always");

    private final Values values;
    private final Map<String, Map<String, Field>> kinds;
    private int steps;
    private double growth = 1;

    private Steps(Values values, Map<String, Map<String, Field>> kinds) {
        this.values = values;
        this.kinds = kinds;
    }

    static JsonNode normalizer(Values values, JsonNode step) {
        return new Steps(values, NORMALIZERS).copy("normalizer", step, 0);
    }

    static JsonNode preTokenizer(Values values, JsonNode step) {
        return new Steps(values, PRE_TOKENIZERS).copy("pre_tokenizer", step, 0);
    }

    static JsonNode decoder(Values values, JsonNode step) {
        return new Steps(values, DECODERS).copy("decoder", step, 0);
    }

    private JsonNode copy(String at, JsonNode step, int depth) {
        if (step.isMissingNode() || step.isNull()) return NullNode.instance;
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        if (!step.isObject()) {
            values.mistake(at, "an object", step);
            return copy;
        }
        if (depth > DEEPEST || ++steps > MOST) {
            values.mistake(at, "one of at most " + MOST + " steps, at most " + DEEPEST + " deep", "more than that");
            return copy;
        }
        String kind = step.path("type").asText("");
        Map<String, Field> fields = kinds.get(kind);
        if (fields == null) {
            values.mistake(
                    at + ".type", "one of " + String.join(", ", new TreeSet<>(kinds.keySet())), step.path("type"));
            return copy;
        }
        copy.put("type", kind);
        fields.forEach((key, field) -> {
            JsonNode value = step.path(key);
            // The library says which keys are missing, but for this one it ends the process.
            if (!value.isMissingNode() || field == Field.CHARACTER_MAP)
                copy.set(key, field(at + "." + key, field, value, depth));
        });
        return copy;
    }

    private JsonNode field(String at, Field field, JsonNode value, int depth) {
        switch (field) {
            case FLAG -> values.flag(at, value);
            case FLAG_OR_NULL -> {
                if (!value.isNull()) values.flag(at, value);
            }
            case TEXT -> {
                if (values.text(at, value)) grow(at, value.textValue());
            }
            case CHARACTER -> values.character(at, value);
            case LENGTH -> values.whole(at, value, 1, Values.LARGEST_ID);
            case COUNT -> values.whole(at, value, 0, Values.LARGEST_ID);
            case NONE_AT_THE_END -> values.whole(at, value, 0, 0);
            case BEHAVIOUR -> oneOf(at, value, BEHAVIOURS);
            case SCHEME -> oneOf(at, value, SCHEMES);
            case PATTERN -> pattern(at, value);
            case CHARACTER_MAP -> {
                if (values.text(at, value, LONGEST_MAP)) {
                    CharacterMap.brokenRule(value.textValue()).ifPresent(rule -> values.mistake(at, rule, "none"));
                }
            }
            case STEPS -> {
                return steps(at, value, depth);
            }
        }
        return value;
    }

    private ArrayNode steps(String at, JsonNode list, int depth) {
        ArrayNode copies = JsonNodeFactory.instance.arrayNode();
        if (!list.isArray()) values.mistake(at, "a list", list);
        else
            for (int i = 0; i < Math.min(list.size(), MOST + 1); i++) {
                copies.add(copy(at + "[" + i + "]", list.get(i), depth + 1));
            }
        return copies;
    }

    private void oneOf(String at, JsonNode value, Set<String> choices) {
        if (!choices.contains(value.asText(""))) {
            values.mistake(at, "one of " + String.join(", ", new TreeSet<>(choices)), value);
        }
    }

    /** A pattern is an object with one key, String or Regex. */
    private void pattern(String at, JsonNode value) {
        if (value.size() != 1 || !(value.has("String") || value.has("Regex"))) {
            values.mistake(at, "an object with \"String\" or \"Regex\"", value);
            return;
        }
        String key = value.fieldNames().next();
        JsonNode text = value.get(key);
        String place = at + "." + key;
        if (!values.text(place, text)) return;
        if (text.textValue().isEmpty()) values.mistake(place, "a text that is not empty", text);
        if (key.equals("Regex")) {
            Regex.brokenRule(text.textValue()).ifPresent(rule -> values.mistake(place, rule, text));
        }
    }

    /** A text may stand in place of a character, and the next step's text in place of each of its characters. */
    private void grow(String at, String text) {
        growth *= Math.max(1, text.length());
        if (growth > LARGEST_GROWTH) {
            growth = 1;
            values.mistake(
                    at,
                    "a text that, with those of the steps before it, makes no text more than " + (int) LARGEST_GROWTH
                            + " times longer",
                    "one of " + text.length() + " characters");
        }
    }
}
