package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.value.MetricPoint;

/**
 * Points with one value for each metric and step.
 *
 * @param points the first point of each metric and step
 * @param repeated later points that have another value
 */
record SinglePoints(List<MetricPoint> points, List<MetricPoint> repeated) {
    private record Place(String metric, long step) {}

    static SinglePoints of(List<MetricPoint> points) {
        Map<Place, Double> seen = new HashMap<>();
        SinglePoints single = new SinglePoints(new ArrayList<>(), new ArrayList<>());
        for (MetricPoint point : points) {
            Double first = seen.putIfAbsent(new Place(point.key(), point.step()), point.value());
            if (first == null) {
                single.points.add(point);
            } else if (!point.sameValue(first)) {
                single.repeated.add(point);
            }
        }
        return single;
    }
}
