package org.dualform.cli.workflow.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import org.dualform.airflow.dag.DagForm;
import org.dualform.base.CommaList;

/** Reads a text of the command line as the type of a form's parameter. A text that does not fit stays text. */
final class FormValue {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private FormValue() {}

    static JsonNode of(DagForm.Parameter parameter, JsonNode given) {
        if (!given.isTextual()) {
            return parameter.allows("string") && given.isNumber() && !isNumeric(parameter)
                    ? NODES.textNode(given.asText())
                    : given;
        }
        String text = given.asText().strip();
        if (parameter.allows("array")) {
            return list(parameter, text);
        }
        if (parameter.allows("string")) {
            return given;
        }
        return scalar(text, parameter.allows("boolean"), isNumeric(parameter));
    }

    private static boolean isNumeric(DagForm.Parameter parameter) {
        return parameter.allows("integer") || parameter.allows("number");
    }

    private static JsonNode list(DagForm.Parameter parameter, String text) {
        if (text.isEmpty() && parameter.allows("null")) {
            return NODES.nullNode();
        }
        boolean numbers = parameter.schema().get("items") instanceof Map<?, ?> items
                && ("integer".equals(items.get("type")) || "number".equals(items.get("type")));
        ArrayNode list = NODES.arrayNode();
        for (String part : CommaList.names(text)) {
            if (!part.isBlank()) list.add(scalar(part, false, numbers));
        }
        return list;
    }

    private static JsonNode scalar(String text, boolean mayBeBoolean, boolean mayBeNumber) {
        if (mayBeBoolean && (text.equals("true") || text.equals("false"))) {
            return NODES.booleanNode(text.equals("true"));
        }
        if (mayBeNumber && text.matches("[+-]?\\d{1,18}")) {
            return NODES.numberNode(Long.parseLong(text));
        }
        if (mayBeNumber && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            return NODES.numberNode(Double.parseDouble(text));
        }
        return NODES.textNode(text);
    }
}
