package org.dualform.cli.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunView;
import org.dualform.report.Comparison;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.MetricName.Part;

/**
 * Reads a study's summary run as points. The server keeps a metric as {@code GROUP/NAME}, and its interval and n under
 * names of their own. Here they become one {@link Metric} again.
 */
final class StudyRows {
    private StudyRows() {}

    /** @param artifacts the study's files, with what was answered; empty if there are none */
    static List<Comparison.StudyPoint> of(Mlflow mlflow, RunView summary, Optional<StudyArtifacts> artifacts) {
        Map<String, Map<Long, Map<MetricName, Double>>> byDataset = new TreeMap<>();
        for (String key : summary.metrics().keySet()) {
            int slash = key.lastIndexOf('/');
            Optional<MetricName> name = slash < 0
                    ? Optional.empty()
                    : MetricName.find(key.substring(slash + 1)).filter(StudyRows::isShown);
            if (name.isEmpty()) continue;
            for (MetricPoint point : mlflow.runs().history(summary.id(), key)) {
                byDataset
                        .computeIfAbsent(key.substring(0, slash), dataset -> new TreeMap<>())
                        .computeIfAbsent(point.step(), shots -> new HashMap<>())
                        .put(name.get(), point.value());
            }
        }
        List<Comparison.StudyPoint> points = new ArrayList<>();
        byDataset.forEach((dataset, byShots) -> byShots.forEach(
                (shots, values) -> points.add(point(dataset, Math.toIntExact(shots), metrics(values), artifacts))));
        return points;
    }

    private static Comparison.StudyPoint point(
            String dataset, int shots, Map<MetricName, Metric> metrics, Optional<StudyArtifacts> artifacts) {
        return new Comparison.StudyPoint(
                dataset,
                shots,
                metrics,
                artifacts.flatMap(files -> files.answers(dataset, shots)).orElse(null));
    }

    private static boolean isShown(MetricName name) {
        return Comparison.METRICS.contains(name.whole());
    }

    private static Map<MetricName, Metric> metrics(Map<MetricName, Double> values) {
        Map<MetricName, Metric> metrics = new HashMap<>();
        for (MetricName name : Comparison.METRICS)
            if (values.containsKey(name)) metrics.put(name, metric(name, values));
        return metrics;
    }

    private static Metric metric(MetricName name, Map<MetricName, Double> values) {
        double value = Objects.requireNonNull(values.get(name));
        Double low = values.get(name.part(Part.LOW));
        Double high = values.get(name.part(Part.HIGH));
        int cases = (int) Math.round(values.getOrDefault(name.part(Part.N), 0.));
        return low == null || high == null
                ? Metric.of(name.kind(), value, cases)
                : Metric.of(name.kind(), value, cases, new Interval(low, high, IntervalMethod.TRACKED));
    }
}
