package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads single values by the type that the schema gives them. What breaks the schema's rule is told, and replaced by a
 * stand-in.
 */
final class ValueReader {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private final SpecSchema schema;
    private final SpecMistakes mistakes;

    ValueReader(SpecSchema schema, SpecMistakes mistakes) {
        this.schema = schema;
        this.mistakes = mistakes;
    }

    JsonNode flag(String name, JsonNode value) {
        return value.isBoolean() ? value : mistakes.wrong(name, "true or false", value, BooleanNode.FALSE);
    }

    JsonNode integer(String name, JsonNode value) {
        int low = schema.minimum(name);
        int high = schema.maximum(name);
        OptionalInt number = whole(value);
        if (number.isPresent() && number.getAsInt() >= low && number.getAsInt() <= high)
            return IntNode.valueOf(number.getAsInt());
        String range = high == Integer.MAX_VALUE ? "from " + low : "from " + low + " to " + high;
        return mistakes.wrong(name, "a whole number " + range, value, IntNode.valueOf(low));
    }

    JsonNode choice(String name, JsonNode value) {
        var choices = schema.choices(name);
        if (value.isTextual() && choices.contains(value.textValue())) return value;
        JsonNode standIn = TextNode.valueOf(choices.get(0));
        String refusal = schema.refusal(name, value);
        if (refusal.isEmpty()) return mistakes.wrong(name, String.join(" or ", choices), value, standIn);
        mistakes.add(name, name + ": " + refusal);
        return standIn;
    }

    JsonNode text(String name, JsonNode value) {
        if (value.isTextual() && !value.textValue().isBlank())
            return TextNode.valueOf(value.textValue().trim());
        return mistakes.wrong(name, "a text that is not empty", value, schema.defaultOf(name));
    }

    /** A form sends null for a field that was cleared. */
    JsonNode optionalText(String name, JsonNode value) {
        if (value.isNull()) return TextNode.valueOf("");
        if (value.isTextual()) return TextNode.valueOf(value.textValue().trim());
        return mistakes.wrong(name, "a text", value, schema.defaultOf(name));
    }

    JsonNode pattern(String name, JsonNode value) {
        if (matches(name, value)) return value;
        return mistakes.wrong(name, schema.rule(name), value, schema.defaultOf(name));
    }

    /** The word is the schema's default. */
    JsonNode integerOrWord(String name, JsonNode value) {
        if (value.equals(schema.defaultOf(name))) return value;
        OptionalInt number = whole(value);
        boolean inRange = number.isPresent()
                && number.getAsInt() >= schema.minimum(name)
                && number.getAsInt() <= schema.maximum(name);
        if (inRange) return IntNode.valueOf(number.getAsInt());
        return mistakes.wrong(name, schema.rule(name), value, schema.defaultOf(name));
    }

    /** The words are what the pattern allows beside digits. */
    JsonNode numberOrWord(String name, JsonNode value) {
        double number = Double.NaN;
        if (value.isNumber()) number = value.doubleValue();
        else if (matches(name, value)) {
            if (Character.isLetter(value.textValue().charAt(0))) return value;
            number = parseDouble(value.textValue());
        }
        if (number > 0 && Double.isFinite(number)) return DoubleNode.valueOf(number);
        return mistakes.wrong(name, schema.rule(name), value, schema.defaultOf(name));
    }

    private boolean matches(String name, JsonNode value) {
        return value.isTextual() && Pattern.matches(schema.pattern(name), value.textValue());
    }

    /** A form's fields are texts, so digits do as well. */
    private static OptionalInt whole(JsonNode value) {
        if (isInt(value)) return OptionalInt.of(value.intValue());
        return value.isTextual() ? parse(value.textValue().strip()) : OptionalInt.empty();
    }

    static boolean isInt(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    /** Empty where the text is no whole number, or too large for one. */
    static OptionalInt parse(String digits) {
        if (!DIGITS.matcher(digits).matches()) return OptionalInt.empty();
        try {
            return OptionalInt.of(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static double parseDouble(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
