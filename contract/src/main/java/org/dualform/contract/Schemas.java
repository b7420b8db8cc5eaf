package org.dualform.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The contract's JSON Schemas. Each names every mistake of a document at once. */
public enum Schemas {
    SPEC("spec"),
    MOMENTUM("momentum"),
    REQUEST("request"),
    RESULT("result"),
    RESULTS("results"),
    LAYERS("layers"),
    REFERENCE("reference"),
    CHAIN("chain");

    private static final String BASE = "https://dualform.org/schema/";
    private static final String FOLDER = "/org/dualform/contract/schema/";

    private final String file;

    Schemas(String name) {
        this.file = name + ".schema.json";
    }

    /** The schema itself. */
    public JsonNode document() {
        try {
            return Json.mapper().readTree(text(file));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema " + file + " is not JSON", e);
        }
    }

    /** Every mistake of {@code json} as a sentence with its place, in a stable order; empty when it is valid. */
    public List<String> mistakes(JsonNode json) {
        List<String> mistakes = new ArrayList<>();
        for (Error error : schema().validate(json)) mistakes.add(sentence(error));
        return mistakes.stream().distinct().sorted().toList();
    }

    private Schema schema() {
        // Made anew each time, since a registry keeps state and a task validates only a few documents.
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemas(
                                iri -> iri.startsWith(BASE) ? text(iri.substring(BASE.length())) : null))
                .getSchema(SchemaLocation.of(BASE + file));
    }

    private static String sentence(Error error) {
        String place = error.getInstanceLocation().toString();
        JsonNode value = error.getInstanceNode();
        String message = error.getMessage();
        String shown = value == null || value.isContainerNode() ? "" : " (value: " + value + ")";
        return (place.isEmpty() || place.equals("$") ? "" : place + ": ") + message + shown;
    }

    private static String text(String file) {
        try (InputStream in = Schemas.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) throw new IllegalArgumentException("no schema " + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the schema " + file + " could not be read", e);
        }
    }
}
