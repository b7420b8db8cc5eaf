package org.dualform.spec.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The values of a spec before they are checked: those given, else the preset's, else the schema's defaults. */
final class GivenValues {
    private final JsonNode spec;
    private final ObjectNode preset;
    private final SpecSchema schema;
    private final SpecMistakes mistakes;

    GivenValues(JsonNode spec, SpecSchema schema, SpecMistakes mistakes) {
        this.spec = spec;
        this.schema = schema;
        this.mistakes = mistakes;
        String name = spec.path("preset").asText(Presets.NONE);
        this.preset =
                schema.choices("preset").contains(name) ? Presets.values(name) : JsonNodeFactory.instance.objectNode();
    }

    /**
     * The value of parameter {@code name}. A form sends every value, so one that equals the default counts as not given,
     * and the preset's is taken. A required value that is absent is a mistake, and the default stands in for it.
     */
    JsonNode of(String name) {
        JsonNode given = spec.path(name);
        boolean left = given.isMissingNode() || plain(given).equals(plain(schema.defaultOf(name)));
        if (left && preset.has(name)) return preset.path(name);
        if (!given.isMissingNode()) return given;
        if (schema.isRequired(name)) mistakes.add(name, name + ": required, but not given.");
        return schema.defaultOf(name);
    }

    /** A list and its comma-separated text are the same. */
    private static String plain(JsonNode value) {
        if (!value.isArray()) return value.isValueNode() ? value.asText() : value.toString();
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }
}
