package org.dualform.cli.tracking;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.report.Comparison;
import org.dualform.score.metric.Metric;

/** A compared study as a member of a JSON document. Its numbers are written as in {@code results.json}. */
final class StudyDocument {
    private StudyDocument() {}

    static void fill(ObjectNode node, Comparison.Study study, String status) {
        node.put("study", study.name()).put("status", status);
        study.parameters().forEach(node.putObject("parameters")::put);
        study.links().forEach(node.putObject("links")::put);
        ArrayNode points = node.putArray("points");
        for (Comparison.StudyPoint point : study.points()) {
            Map<String, Metric> metrics = new TreeMap<>();
            point.metrics().forEach((name, metric) -> metrics.put(name.toString(), metric));
            points.addObject()
                    .put("dataset", point.dataset())
                    .put("shots", point.shots())
                    .set("metrics", Json.mapper().valueToTree(metrics));
        }
    }
}
