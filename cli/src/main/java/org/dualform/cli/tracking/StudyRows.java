package org.dualform.cli.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.mlflow.MetricPoint;
import org.dualform.mlflow.Mlflow;
import org.dualform.mlflow.RunView;
import org.dualform.report.Comparison;
import org.dualform.score.result.Interval;
import org.dualform.score.result.Metric;
import org.jspecify.annotations.Nullable;

/** A study's summary run as points: from the metrics {@code DATASET/NAME}, with {@code .low}, {@code .high}, {@code .n}. */
final class StudyRows {
    private static final List<String> NAMES = List.of("zsl.accuracy", "icl.accuracy", "ft.accuracy", "icl_minus_ft");
    private static final List<String> SUFFIXES = List.of("", ".low", ".high", ".n");

    private StudyRows() {}

    static List<Comparison.StudyPoint> of(Mlflow mlflow, RunView summary) {
        Map<String, Map<Long, Map<String, Double>>> byDataset = new TreeMap<>();
        for (String key : summary.metrics().keySet()) {
            int slash = key.lastIndexOf('/');
            if (slash < 0 || !isShown(key.substring(slash + 1))) continue;
            for (MetricPoint point : mlflow.runs().history(summary.id(), key)) {
                byDataset
                        .computeIfAbsent(key.substring(0, slash), dataset -> new TreeMap<>())
                        .computeIfAbsent(point.step(), shots -> new TreeMap<>())
                        .put(key.substring(slash + 1), point.value());
            }
        }
        List<Comparison.StudyPoint> points = new ArrayList<>();
        byDataset.forEach((dataset, byShots) -> byShots.forEach((shots, values) ->
                points.add(new Comparison.StudyPoint(dataset, Math.toIntExact(shots), metrics(values)))));
        return points;
    }

    private static boolean isShown(String name) {
        return NAMES.stream().anyMatch(n -> SUFFIXES.stream().anyMatch(suffix -> name.equals(n + suffix)));
    }

    private static Map<String, Metric> metrics(Map<String, Double> values) {
        Map<String, Metric> metrics = new TreeMap<>();
        for (String name : NAMES) {
            Double value = values.get(name);
            if (value != null)
                metrics.put(
                        name,
                        metric(value, values.get(name + ".low"), values.get(name + ".high"), values.get(name + ".n")));
        }
        return metrics;
    }

    private static Metric metric(double value, @Nullable Double low, @Nullable Double high, @Nullable Double n) {
        int cases = n == null ? 0 : (int) Math.round(n);
        return low == null || high == null
                ? Metric.of(value, cases)
                : Metric.of(value, cases, new Interval(low, high, "tracked"));
    }
}
