package org.dualform.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.report.words.Reasons;
import org.dualform.score.metric.Metric;
import org.dualform.score.result.Results;

/**
 * {@code results.json} as it is written: the typed values, and beside them in {@code reason} the sentence that they make,
 * for people and for tools that read a file without knowing the types.
 */
public final class ResultsJson {
    private ResultsJson() {}

    /** The whole file. */
    public static JsonNode of(Results results) {
        JsonNode json = Json.mapper().valueToTree(results);
        for (int i = 0; i < results.rows().size(); i++) {
            ObjectNode row = (ObjectNode) json.path("rows").path(i);
            addReason(row, Reasons.of(results.rows().get(i).absence()));
            addReasons(row, results.rows().get(i).metrics());
        }
        for (int i = 0; i < results.summary().size(); i++)
            addReasons(json.path("summary").path(i), results.summary().get(i).metrics());
        return json;
    }

    private static void addReasons(JsonNode row, Map<String, Metric> metrics) {
        metrics.forEach(
                (name, metric) -> addReason((ObjectNode) row.path("metrics").path(name), Reasons.of(metric)));
    }

    private static void addReason(ObjectNode to, String reason) {
        if (!reason.isEmpty()) to.put("reason", reason);
    }
}
