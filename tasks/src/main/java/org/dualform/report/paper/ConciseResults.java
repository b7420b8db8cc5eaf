package org.dualform.report.paper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.result.Results;
import org.dualform.score.result.SummaryRow;

/**
 * The part of {@code results.json} that is worth keeping beside its spec: the values over all seeds without those of single
 * cells, and without what a clock measured. It is a {@code results.json} too.
 */
public final class ConciseResults {
    private ConciseResults() {}

    public static Results of(Results results) {
        List<SummaryRow> summary = new ArrayList<>();
        for (SummaryRow row : results.summary()) {
            Map<String, Metric> kept = new LinkedHashMap<>();
            row.metrics().forEach((name, metric) -> {
                if (isKept(MetricName.parse(name))) kept.put(name, metric);
            });
            summary.add(row.withMetrics(kept));
        }
        return new Results(
                results.schema(),
                results.spec(),
                provenance(results.provenance()),
                List.of(),
                summary,
                List.of(),
                results.answers(),
                results.rates());
    }

    private static boolean isKept(MetricName name) {
        if (name.isClocked()) return false;
        return name.kind() != MetricKind.COST
                || name.quantity() == Quantity.UNSTABLE
                || name.quantity() == Quantity.ROUNDING_GROWTH;
    }

    /** Without where things lay on the machine that measured. */
    private static JsonNode provenance(JsonNode provenance) {
        ObjectNode kept = Json.mapper().createObjectNode();
        provenance.properties().forEach(field -> {
            if (!field.getValue().isContainerNode()) kept.set(field.getKey(), field.getValue());
        });
        return kept;
    }
}
