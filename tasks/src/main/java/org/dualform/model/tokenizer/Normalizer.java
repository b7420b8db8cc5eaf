package org.dualform.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a tokenizer's normalizer makes of a short text, as far as a few questions need it: the library does not tell.
 * Steps that only replace letters by others are passed over.
 */
final class Normalizer {
    /** Characters that some step may remove: white space, control and format characters, accents. */
    private static final Pattern REMOVABLE = Pattern.compile("[\\p{Z}\\p{C}\\p{M}]");

    private Normalizer() {}

    /** The text after the steps that add, replace or strip characters. */
    static String applied(JsonNode step, String text) {
        return applied(step, text, false);
    }

    /** Whether the normalizer may leave nothing of a text. */
    static boolean mayEmpty(JsonNode step, String text) {
        return applied(step, text, true).isEmpty();
    }

    private static String applied(JsonNode step, String text, boolean least) {
        switch (step.path("type").asText("")) {
            case "Sequence" -> {
                String out = text;
                for (JsonNode part : step.path("normalizers")) out = applied(part, out, least);
                return out;
            }
            case "Prepend" -> {
                return text.isEmpty() ? text : step.path("prepend").asText("") + text;
            }
            case "Strip" -> {
                String left = step.path("strip_left").asBoolean(false) ? text.stripLeading() : text;
                return step.path("strip_right").asBoolean(false) ? left.stripTrailing() : left;
            }
            case "Replace" -> {
                return replaced(step, text);
            }
            case "BertNormalizer", "StripAccents", "Nmt", "Precompiled" -> {
                return least ? REMOVABLE.matcher(text).replaceAll("") : text;
            }
            default -> {
                return text;
            }
        }
    }

    private static String replaced(JsonNode step, String text) {
        String content = step.path("content").asText("");
        JsonNode pattern = step.path("pattern");
        if (pattern.has("String")) return text.replace(pattern.get("String").asText(), content);
        try {
            return Pattern.compile(pattern.path("Regex").asText())
                    .matcher(text)
                    .replaceAll(Matcher.quoteReplacement(content));
        } catch (PatternSyntaxException e) {
            return text; // Java writes this expression otherwise; those for the beginning of a text are the same
        }
    }
}
