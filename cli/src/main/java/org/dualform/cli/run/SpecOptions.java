package org.dualform.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.contract.Schemas;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Adds an option for every field of an experiment. The options are made from the contract's schema, so that names,
 * descriptions and defaults have one source. {@code learning_rate} becomes {@code --learning-rate}; lists are
 * comma-separated.
 */
public final class SpecOptions implements IModelTransformer {
    private static final String GROUP = "experiment";

    @Override
    public CommandSpec transform(CommandSpec command) {
        for (Map.Entry<String, JsonNode> field : fields()) {
            JsonNode schema = field.getValue();
            OptionSpec.Builder option = OptionSpec.builder(flag(field.getKey()))
                    .description(description(schema))
                    .order(100 + schema.path("x-form").path("order").asInt());
            if (isFlag(schema)) {
                option.type(Boolean.class).arity("0").negatable(true);
            } else {
                option.type(String.class).arity("1").paramLabel(label(schema));
            }
            command.addOption(option.userObject(GROUP).build());
        }
        return command;
    }

    /** The fields given on the command line, as a spec. It holds only those: a file or the defaults supply the rest. */
    public static ObjectNode given(ParseResult parsed) {
        ObjectNode spec = Json.mapper().createObjectNode();
        for (Map.Entry<String, JsonNode> field : fields()) {
            String flag = flag(field.getKey());
            if (!parsed.hasMatchedOption(flag)) continue;
            if (isFlag(field.getValue())) spec.put(field.getKey(), parsed.matchedOptionValue(flag, true));
            else put(spec, field.getKey(), field.getValue(), parsed.matchedOptionValue(flag, ""));
        }
        return spec;
    }

    /** Adds the schema's defaults for those of {@code names} that are absent. */
    public static ObjectNode withDefaults(ObjectNode spec, String... names) {
        JsonNode properties = Schemas.SPEC.document().path("properties");
        for (String name : names) {
            if (!spec.has(name)) spec.set(name, properties.path(name).path("default"));
        }
        return spec;
    }

    private static void put(ObjectNode spec, String name, JsonNode schema, String value) {
        if (schema.path("type").asText().equals("integer") && value.matches("-?\\d{1,18}")) {
            spec.put(name, Long.parseLong(value));
        } else {
            spec.put(name, value);
        }
    }

    private static Iterable<Map.Entry<String, JsonNode>> fields() {
        // A field that no form shows is no option either, because it has fields of its own. It is given in a file.
        return Schemas.SPEC.document().path("properties").properties().stream()
                .filter(field -> field.getValue().has("x-form"))
                .toList();
    }

    private static String flag(String field) {
        return "--" + field.replace('_', '-');
    }

    private static boolean isFlag(JsonNode schema) {
        return schema.path("type").asText().equals("boolean");
    }

    private static String description(JsonNode schema) {
        String text = schema.path("description").asText().replace("%", "%%");
        String standard = shown(schema.path("default"));
        return standard.isEmpty() ? text : text + " Default: " + standard + ".";
    }

    private static String shown(JsonNode value) {
        if (!value.isArray()) return value.asText();
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }

    private static String label(JsonNode schema) {
        if (schema.path("type").asText().equals("integer")) return "N";
        if (schema.has("enum")) {
            List<String> choices = new ArrayList<>();
            schema.path("enum").forEach(choice -> choices.add(choice.asText()));
            return String.join("|", choices);
        }
        return schema.path("default").isArray() ? "LIST" : "VALUE";
    }
}
