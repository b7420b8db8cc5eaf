package org.dualform.mlflow.live;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dualform.mlflow.value.MetricPoint;

/** What has been said to a run, to be said again to its successor. */
final class Said {
    /** A metric at a step. */
    private record Place(String metric, long step) {
        static Place of(MetricPoint point) {
            return new Place(point.key(), point.step());
        }
    }

    private final List<Operation> operations = new ArrayList<>();

    void add(Operation operation) {
        operations.add(operation);
    }

    List<Operation> all() {
        return List.copyOf(operations);
    }

    /** Drops the points at the places of these, because new values take their place. */
    void forget(List<MetricPoint> points) {
        Set<Place> places = new HashSet<>();
        points.forEach(point -> places.add(Place.of(point)));
        operations.replaceAll(
                before -> before instanceof Operation.Metrics metrics ? without(metrics, places) : before);
    }

    private static Operation without(Operation.Metrics metrics, Set<Place> places) {
        return new Operation.Metrics(
                metrics.points().stream()
                        .filter(point -> !places.contains(Place.of(point)))
                        .toList(),
                metrics.timings());
    }
}
