package org.dualform.task.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a method chose for itself; null stands for every seed.
 *
 * @param template hash of the template
 * @param templateName for people
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Choice(@Nullable Integer seed, int order, String template, String templateName) {
    /** Whether a cell is the one chosen, or one of them. */
    public boolean fits(int cellSeed, int cellOrder, String cellTemplate) {
        return (seed == null || seed == cellSeed) && order == cellOrder && template.equals(cellTemplate);
    }

    /** The choices in the file that {@code select} writes, by method; none where nothing was chosen. */
    public static Map<String, Choice> readAll(Path selection) throws IOException {
        Map<String, Choice> choices = new TreeMap<>();
        JsonNode chosen = Json.mapper().readTree(Files.readAllBytes(selection)).path("chosen");
        for (Map.Entry<String, JsonNode> method : chosen.properties()) {
            choices.put(method.getKey(), Json.mapper().treeToValue(method.getValue(), Choice.class));
        }
        return choices;
    }
}
