package org.dualform.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/** Collects rows that are JSON objects. {@code label} holds the label; every other text is a field. */
final class JsonRows {
    private static final String LABEL = "label";
    private static final int SHOWN = 60;

    /** The user's own files may hold texts, numbers and levels of any length. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Remarks remarks;
    private final List<RawRow> rows = new ArrayList<>();

    JsonRows(Remarks remarks) {
        this.remarks = remarks;
    }

    /** Reads values of any size; refuses an object that names a key twice. */
    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** @param expected the rule that a value which is no object breaks */
    void add(JsonNode object, String place, String expected) {
        if (!object.isObject()) {
            remarks.mistake(place + ": not a JSON object; " + expected);
            return;
        }
        JsonNode label = object.path(LABEL);
        if (label.isMissingNode() || label.isNull()) {
            remarks.mistake(place + ": the field '" + LABEL + "' is missing.");
            return;
        }
        if (!label.isTextual() && !label.isIntegralNumber()) {
            String orient = label.isContainerNode()
                    ? " Each object has to be one row; pandas writes that with to_json(orient=\"records\")."
                    : "";
            remarks.mistake(
                    place + ": '" + LABEL + "' has to be an index or a name, not " + shown(label) + "." + orient);
            return;
        }
        String text = label.asText().trim();
        if (text.isEmpty()) remarks.mistake(place + ": the field '" + LABEL + "' is empty.");
        else rows.add(new RawRow(texts(object), text, label.isNumber(), place));
    }

    static String twice(String place) {
        return place + ": a key stands twice in one object; each may stand once.";
    }

    List<RawRow> rows() {
        return rows;
    }

    private static String shown(JsonNode label) {
        if (label.isContainerNode()) return label.isArray() ? "an array" : "an object";
        String text = label.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual() && !entry.getKey().equals(LABEL))
                texts.put(entry.getKey(), entry.getValue().textValue());
        });
        return texts;
    }
}
