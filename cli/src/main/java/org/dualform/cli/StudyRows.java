package org.dualform.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.mlflow.MetricPoint;
import org.dualform.mlflow.Mlflow;
import org.dualform.mlflow.RunView;
import org.jspecify.annotations.Nullable;

/** A study's summary as rows: one a data set and shot count, from the metrics {@code DATASET/NAME} over shots. */
final class StudyRows {
    private static final List<String> NAMES = List.of(
            "zsl.accuracy",
            "icl.accuracy",
            "ft.accuracy",
            "icl_minus_ft",
            "rec2ftp",
            "icl.accuracy.n",
            "ft.accuracy.n");

    /** @param metrics by name, without the data set */
    record Row(String study, String dataset, long shots, Map<String, Double> metrics) {
        @Nullable Double value(String metric) {
            return metrics.get(metric);
        }

        /** Evaluated rows. */
        @Nullable Double n() {
            Double icl = metrics.get("icl.accuracy.n");
            return icl == null ? metrics.get("ft.accuracy.n") : icl;
        }
    }

    private StudyRows() {}

    static List<Row> of(Mlflow mlflow, String study, RunView summary) {
        Map<String, Map<Long, Map<String, Double>>> byDataset = new TreeMap<>();
        for (String key : summary.metrics().keySet()) {
            int slash = key.lastIndexOf('/');
            String name = key.substring(slash + 1);
            if (slash < 0 || !NAMES.contains(name)) continue;
            for (MetricPoint point : mlflow.runs().history(summary.id(), key)) {
                byDataset
                        .computeIfAbsent(key.substring(0, slash), dataset -> new TreeMap<>())
                        .computeIfAbsent(point.step(), shots -> new TreeMap<>())
                        .put(name, point.value());
            }
        }
        List<Row> rows = new ArrayList<>();
        byDataset.forEach((dataset, byShots) ->
                byShots.forEach((shots, metrics) -> rows.add(new Row(study, dataset, shots, metrics))));
        return rows;
    }
}
