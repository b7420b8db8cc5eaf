package org.dualform.report.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.jspecify.annotations.Nullable;

/** What the tables call undefined, in whole or in part, and why: a sentence for each number and reason. */
public final class Undefined {
    /** By what is said, where: data sets with their shots. */
    private final Map<Said, Map<String, List<String>>> places = new LinkedHashMap<>();

    private record Said(String name, String reason) {}

    private Undefined() {}

    /** Of all shot counts without a control, and of controls at their largest. {@link Shortfalls} says what is not there. */
    public static List<String> of(List<Panel> panels) {
        Undefined undefined = new Undefined();
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
        whole(panel, point, "Rec2FTP", point.metric(MetricName.of(Quantity.REC2FTP)));
        for (Similarity similarity : Similarity.ALL) {
            whole(panel, point, similarity.plain(), similarity.whole(point));
            part(panel, point, similarity.plain(), similarity.whole(point));
        }
    }

    private void whole(Panel panel, Point point, String name, @Nullable Metric metric) {
        if (metric == null || metric.value() != null || Absence.isShortfall(metric.absence())) return;
        for (Absence absence : metric.absence())
            if (!(absence instanceof Absence.NotMeasured)) say(panel, point, name, Reasons.undefined(absence));
    }

    private void part(Panel panel, Point point, String name, @Nullable Metric metric) {
        if (metric == null || metric.value() == null) return;
        for (Caution caution : metric.cautions())
            if (caution.isPartlyUndefined() || caution instanceof Caution.Stated)
                say(panel, point, name, Reasons.of(caution));
    }

    private void say(Panel panel, Point point, String name, String reason) {
        places.computeIfAbsent(new Said(name, reason), key -> new LinkedHashMap<>())
                .computeIfAbsent(panel.title(), key -> new ArrayList<>())
                .add(Integer.toString(point.shots()));
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        places.forEach((said, where) -> {
            String all = where.entrySet().stream()
                    .map(place -> place.getKey() + " (shots " + String.join(", ", place.getValue()) + ")")
                    .collect(Collectors.joining(", "));
            sentences.add(said.name() + " on " + all + ": " + said.reason() + ".");
        });
        return sentences;
    }
}
