package org.dualform.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes the file {@code prompts}. */
final class PromptFile {
    private PromptFile() {}

    static byte[] write(PromptSet prompts) {
        try {
            return mapper().writeValueAsBytes(prompts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("prompts can always be written", e);
        }
    }

    static PromptSet read(byte[] json) {
        try {
            return mapper().readValue(json, PromptSet.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The prompts are not in the form that this version writes", e);
        }
    }

    private static ObjectMapper mapper() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
    }
}
