package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.List;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName.Part;

/** A metric as points of a run: its value, the ends of its interval and its n, each under a name of its own. */
final class MetricPoints {
    private MetricPoints() {}

    /** None where the metric has no value, because MLflow would plot whatever stood for it. */
    static List<MetricPoint> of(String name, Metric metric, int shots) {
        List<MetricPoint> points = new ArrayList<>();
        if (metric.value() == null) return points;
        points.add(new MetricPoint(name, metric.value(), shots));
        if (metric.low() != null) points.add(new MetricPoint(name + Part.LOW.suffix(), metric.low(), shots));
        if (metric.high() != null) points.add(new MetricPoint(name + Part.HIGH.suffix(), metric.high(), shots));
        if (metric.n() != null) points.add(new MetricPoint(name + Part.N.suffix(), metric.n(), shots));
        return points;
    }
}
