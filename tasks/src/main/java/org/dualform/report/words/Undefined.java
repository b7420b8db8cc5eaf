package org.dualform.report.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.result.Metric;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.jspecify.annotations.Nullable;

/** What the tables call undefined, in whole or in part, and why: a sentence for each number and reason. */
public final class Undefined {
    private final Set<String> shortfalls;
    /** By what is said, where: data sets with their shots. */
    private final Map<String, Map<String, List<String>>> places = new LinkedHashMap<>();

    private Undefined(Results results) {
        shortfalls = results.rows().stream()
                .map(ResultRow::reason)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** Of all shot counts without a control, and of controls at their largest; what is missing or diverged has its own. */
    public static List<String> of(Results results, List<Panel> panels) {
        Undefined undefined = new Undefined(results);
        for (Panel panel : panels) {
            for (Point point : (panel.isMain() ? panel : panel.atLargest()).points()) undefined.add(panel, point);
        }
        return undefined.sentences();
    }

    private void add(Panel panel, Point point) {
        for (Curve curve : Curve.values()) {
            whole(panel, point, curve.shortName(), point.metric(curve.metric()));
            part(panel, point, curve.shortName(), point.metric(curve.metric()));
        }
        if (point.shots() == 0) return; // both are zero-shot
        whole(panel, point, "Rec2FTP", point.metric("rec2ftp"));
        for (Similarity similarity : Similarity.ALL) {
            whole(panel, point, similarity.plain(), similarity.whole(point));
            part(panel, point, similarity.plain(), similarity.whole(point));
        }
    }

    private void whole(Panel panel, Point point, String name, @Nullable Metric metric) {
        if (metric == null || metric.value() != null || metric.reason() == null) return;
        if (shortfalls.contains(metric.reason())) return;
        say(panel, point, name, (metric.reason().startsWith("undefined") ? "" : "undefined, ") + metric.reason());
    }

    private void part(Panel panel, Point point, String name, @Nullable Metric metric) {
        if (metric == null || metric.value() == null) return;
        for (String reason : metric.reasons()) if (reason.contains("undefined")) say(panel, point, name, reason);
    }

    private void say(Panel panel, Point point, String name, String reason) {
        places.computeIfAbsent(name + "\n" + reason, key -> new LinkedHashMap<>())
                .computeIfAbsent(panel.title(), key -> new ArrayList<>())
                .add(Integer.toString(point.shots()));
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        places.forEach((said, where) -> {
            String[] parts = said.split("\n", 2);
            String all = where.entrySet().stream()
                    .map(place -> place.getKey() + " (shots " + String.join(", ", place.getValue()) + ")")
                    .collect(Collectors.joining(", "));
            sentences.add(parts[0] + " on " + all + ": " + parts[1] + ".");
        });
        return sentences;
    }
}
