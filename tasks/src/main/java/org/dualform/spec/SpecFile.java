package org.dualform.spec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.contract.UserException;
import org.dualform.spec.arm.Arms;

/** A spec on disk: YAML, or JSON where the file's name ends so. */
final class SpecFile {
    private SpecFile() {}

    static JsonNode read(Path file) {
        ObjectMapper mapper = file.toString().endsWith(".json") ? json() : yaml();
        try {
            return mapper.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            String form = file.toString().endsWith(".json") ? "JSON" : "YAML";
            throw UserException.usage(file + place + ": not readable as " + form + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw UserException.usage("The spec " + file + " cannot be read: "
                    + (Files.exists(file) ? String.valueOf(e.getMessage()) : "there is no such file") + ".");
        }
    }

    static ObjectNode write(Experiment e) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        spec.put("preset", e.preset());
        spec.put("model", e.model());
        e.datasets().forEach(spec.putArray("datasets")::add);
        e.shots().forEach(spec.putArray("shots")::add);
        e.seeds().forEach(spec.putArray("seeds")::add);
        e.methods().forEach(method -> spec.withArray("methods").add(method.id()));
        spec.put("limit", e.limit());
        if (e.learningRate().isPresent())
            spec.put("learning_rate", e.learningRate().getAsDouble());
        else spec.put("learning_rate", e.paperGrid() ? Experiment.PAPER : Experiment.AUTO);
        e.select().forEach(spec.putArray("select")::add);
        spec.put("select_on", e.selectOn());
        e.orders().forEach(spec.putArray("orders")::add);
        e.arms().forEach(spec.putArray("arms")::add);
        if (!e.arms().contains(Arms.MAIN)) spec.withArray("arms").add(Arms.NOT_MAIN);
        spec.put("rows", e.rows());
        ObjectNode perDataset = spec.putObject("per_dataset");
        e.perDataset().forEach((name, own) -> {
            ObjectNode values = perDataset.putObject(name);
            own.shots().ifPresent(shots -> shots.forEach(values.withArray("shots")::add));
            own.seeds().ifPresent(seeds -> seeds.forEach(values.withArray("seeds")::add));
            own.learningRate().ifPresent(rate -> values.put("learning_rate", rate));
        });
        spec.put("split", e.split());
        spec.put("template", e.template());
        spec.put("description", e.description());
        spec.put("passes", e.passes());
        spec.put("record", e.record());
        spec.put("record_position", e.recordPosition());
        spec.put("record_queries", e.recordQueries());
        spec.put("record_limit", e.recordLimit());
        e.baselines().forEach(spec.putArray("baselines")::add);
        if (e.threads().isPresent()) spec.put("threads", e.threads().getAsInt());
        else spec.put("threads", Experiment.AUTO);
        spec.put("device", e.device());
        spec.put("memory", e.memory());
        spec.put("dtype", e.dtype());
        spec.put("reserve_tokens", e.reserveTokens());
        spec.put("transport", e.transport());
        spec.put("fresh", e.fresh());
        return spec;
    }

    static String yaml(ObjectNode spec) {
        try {
            return yaml().writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec can always be written as YAML", e);
        }
    }

    private static ObjectMapper json() {
        return JsonMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private static ObjectMapper yaml() {
        return YAMLMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
    }
}
