package org.dualform.contract.chain;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/** Reads {@code contract/chain.json}. A field that the file leaves out has the default that the schema states. */
public final class ChainFile {
    private static final String FILE = "/org/dualform/contract/chain.json";

    private ChainFile() {}

    private record ChainJson(int schema, Map<Scope, String> lists, List<StepJson> steps) {}

    private record StepJson(
            String name,
            @Nullable String title,
            String kind,
            Scope scope,
            @Nullable ObjectNode parameters,
            @Nullable Trigger trigger,
            @Nullable Map<String, InputJson> inputs,
            @Nullable Map<String, String> outputs) {
        Step step() {
            Map<String, StepInput> read = new LinkedHashMap<>();
            if (inputs != null) inputs.forEach((input, json) -> read.put(input, json.input(input)));
            return new Step(
                    name,
                    Objects.requireNonNullElse(title, name),
                    kind,
                    scope,
                    parameters == null ? JsonNodeFactory.instance.objectNode() : parameters,
                    Objects.requireNonNullElse(trigger, Trigger.ALL_SUCCESS),
                    read,
                    outputs == null ? Map.of() : outputs);
        }
    }

    private record InputJson(String step, @Nullable String output, boolean optional, boolean collected) {
        StepInput input(String name) {
            return new StepInput(step, Objects.requireNonNullElse(output, name), optional, collected);
        }
    }

    /** Reads the chain from the jar. */
    public static ChainDescription read() {
        try (InputStream in = ChainFile.class.getResourceAsStream(FILE)) {
            if (in == null) throw new IllegalStateException("the contract was packaged without " + FILE);
            ChainJson json = Json.mapper().readValue(in, ChainJson.class);
            return new ChainDescription(
                    json.lists(), json.steps().stream().map(StepJson::step).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " could not be read", e);
        }
    }
}
