package org.dualform.spec.read;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dualform.base.FileFailure;
import org.dualform.contract.UserException;

/** A spec on disk: YAML, or JSON where the file's name ends so. */
public final class SpecFile {
    private SpecFile() {}

    /** @throws UserException if the file is unreadable or malformed, with the place of the fault */
    public static JsonNode read(Path file) {
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
                    + (Files.exists(file) ? FileFailure.reason(e) : "there is no such file") + ".");
        }
    }

    /** The spec as YAML text. */
    public static String yaml(ObjectNode spec) {
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
