package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.dualform.contract.Schemas;

/** What the contract's schema of a spec says of each parameter: its type, default, range, pattern and choices. */
public final class SpecSchema {
    private final JsonNode root = Schemas.SPEC.document();

    /** How a parameter's value is read. */
    enum Type {
        /** True or false. */
        FLAG,
        /** A whole number in a range. */
        INTEGER,
        /** One of several names. */
        CHOICE,
        /** Several of such names. */
        CHOICES,
        /** A text that is not empty. */
        TEXT,
        /** A text that may be empty. */
        OPTIONAL_TEXT,
        /** A text that matches a regular expression. */
        PATTERN,
        /** A list of whole numbers. */
        INTEGERS,
        /** A list of names that no schema knows. */
        NAMES,
        /** A whole number, or a word for one that is chosen. */
        INTEGER_OR_WORD,
        /** A positive number, or a word for one that is chosen. */
        NUMBER_OR_WORD,
        /** A mapping with a form of its own. */
        MAPPING
    }

    /** Every parameter's name, in the schema's order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        root.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The value of a parameter that is not given. */
    public JsonNode defaultOf(String name) {
        return parameter(name).path("default");
    }

    /** The names that a parameter may have, or each of its items; none where any will do. */
    public List<String> choices(String name) {
        List<String> choices = new ArrayList<>();
        for (JsonNode choice : constraint(name, "enum")) choices.add(choice.asText());
        return choices;
    }

    Type type(String name) {
        JsonNode parameter = parameter(name);
        if (parameter.has("enum")) return Type.CHOICE;
        JsonNode first = parameter.path("oneOf").path(0);
        return switch (parameter.path("type").asText(first.path("type").asText())) {
            case "boolean" -> Type.FLAG;
            case "integer" -> parameter.has("oneOf") ? Type.INTEGER_OR_WORD : Type.INTEGER;
            case "number" -> Type.NUMBER_OR_WORD;
            case "string" -> text(parameter);
            case "array" -> list(first.path("items"));
            case "object" -> Type.MAPPING;
            default -> throw new IllegalArgumentException("no way to read parameter " + name);
        };
    }

    private static Type text(JsonNode parameter) {
        if (parameter.has("pattern")) return Type.PATTERN;
        return parameter.has("minLength") ? Type.TEXT : Type.OPTIONAL_TEXT;
    }

    private static Type list(JsonNode items) {
        if (items.has("enum")) return Type.CHOICES;
        return items.path("type").asText().equals("integer") ? Type.INTEGERS : Type.NAMES;
    }

    boolean isRequired(String name) {
        for (JsonNode required : root.path("required")) if (required.asText().equals(name)) return true;
        return false;
    }

    int minimum(String name) {
        return constraint(name, "minimum").asInt(Integer.MIN_VALUE);
    }

    int maximum(String name) {
        return constraint(name, "maximum").asInt(Integer.MAX_VALUE);
    }

    /** The largest number of items of a list. */
    int mostItems(String name) {
        return constraint(name, "maxItems").asInt(Integer.MAX_VALUE);
    }

    /** The regular expression that a text has to match; the empty string where any will do. */
    String pattern(String name) {
        return constraint(name, "pattern").asText("");
    }

    /** What a value has to be, in words that follow "has to be". */
    String rule(String name) {
        return parameter(name).path("x-rule").asText();
    }

    /** Why {@code value} does not work, if it is one that people ask for; the empty string for any other. */
    String refusal(String name, JsonNode value) {
        return parameter(name).path("x-refused").path(value.asText()).asText();
    }

    private JsonNode parameter(String name) {
        JsonNode node = root.path("properties").path(name);
        if (node.isMissingNode()) throw new IllegalArgumentException("the schema has no parameter " + name);
        return node;
    }

    /** The first such constraint: on the parameter, on one of its alternatives, or on their items. */
    private JsonNode constraint(String name, String keyword) {
        JsonNode parameter = parameter(name);
        if (parameter.has(keyword)) return parameter.get(keyword);
        for (JsonNode alternative : parameter.path("oneOf")) {
            if (alternative.has(keyword)) return alternative.get(keyword);
            if (alternative.path("items").has(keyword))
                return alternative.path("items").get(keyword);
        }
        return MissingNode.getInstance();
    }
}
