package org.dualform.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The contract's schema of a spec, read for what it says of each parameter: default, range, pattern, choices. */
final class SpecSchema {
    private static final String RESOURCE = "/org/dualform/contract/schema/spec.schema.json";
    private final JsonNode root;

    SpecSchema() {
        try (InputStream in = SpecSchema.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException("missing from the class path: " + RESOURCE);
            root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every parameter's name, in the schema's order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        root.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    JsonNode defaultOf(String name) {
        return parameter(name).path("default");
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

    /** The regular expression that a string has to match; the empty string where any will do. */
    String pattern(String name) {
        return constraint(name, "pattern").asText("");
    }

    List<String> choices(String name) {
        List<String> choices = new ArrayList<>();
        for (JsonNode choice : constraint(name, "enum")) choices.add(choice.asText());
        return choices;
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
