package org.dualform.data.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Lines: one JSON object on each line. {@code label} holds the label; every other text is a field. */
public final class JsonlFile {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonlFile() {}

    /**
     * Reads the rows that are well-formed. Mistakes in the others are added to {@code mistakes}, with file and line.
     */
    public static List<RawRow> read(String file, byte[] content, List<String> mistakes) {
        List<RawRow> rows = new ArrayList<>();
        List<TextLines.DecodedLine> lines = TextLines.of(content);
        for (int i = 0; i < lines.size(); i++) {
            String place = file + ":" + (i + 1);
            TextLines.DecodedLine line = lines.get(i);
            if (!line.valid()) mistakes.add(place + ": not UTF-8; save the file as UTF-8.");
            else if (line.text().isBlank()) mistakes.add(place + ": an empty line; remove it.");
            else parse(line.text(), place, rows, mistakes);
        }
        return rows;
    }

    private static void parse(String line, String place, List<RawRow> rows, List<String> mistakes) {
        JsonNode object;
        try {
            object = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
            mistakes.add(place + ": not JSON (column " + column + "); each line has to be one JSON object.");
            return;
        }
        if (!object.isObject()) {
            mistakes.add(place + ": not a JSON object; each line has to be one.");
            return;
        }
        JsonNode label = object.path("label");
        if (label.isMissingNode() || label.isNull()) {
            mistakes.add(place + ": the field 'label' is missing.");
            return;
        }
        if (!label.isTextual() && !label.isIntegralNumber()) {
            mistakes.add(place + ": 'label' has to be an index or a name, not " + label + ".");
            return;
        }
        rows.add(new RawRow(texts(object), label.asText().trim(), label.isNumber(), place));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual() && !entry.getKey().equals("label"))
                texts.put(entry.getKey(), entry.getValue().textValue());
        });
        return texts;
    }
}
