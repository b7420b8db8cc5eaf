package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.List;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName.Part;

/**
 * Converts a metric to points of a run: its value, the ends of its interval and its n, each under a name of its own.
 */
final class MetricPoints {
    private MetricPoints() {}

    /** The points; empty if the metric has no value, because MLflow would plot any number in its place. */
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
