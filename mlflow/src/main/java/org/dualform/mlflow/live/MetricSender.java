package org.dualform.mlflow.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.mlflow.server.Mlflow;
import org.dualform.mlflow.value.KeyCodec;
import org.dualform.mlflow.value.MetricPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends points of metrics. Each is there once afterwards: points that are there are left out. */
final class MetricSender {
    private static final Logger LOG = LoggerFactory.getLogger(MetricSender.class);

    private final Mlflow mlflow;
    private final CurrentRun run;
    private final Succession succession;
    private final BatchSender batches;
    private final Said said;

    MetricSender(Mlflow mlflow, CurrentRun run, Succession succession, BatchSender batches, Said said) {
        this.mlflow = mlflow;
        this.run = run;
        this.succession = succession;
        this.batches = batches;
        this.said = said;
    }

    /**
     * What a run does not have yet.
     *
     * @param infinite tags with the infinite values
     */
    record Fresh(List<MetricPoint> points, Map<String, String> infinite) {}

    /** @throws RunGone if the run has another value of one of these points */
    void send(List<MetricPoint> points, List<MetricPoint> timings) {
        run.refresh();
        Fresh fresh = fresh(points, timings);
        batches.send(fresh.points(), Map.of(), fresh.infinite());
    }

    /**
     * The points that the run, as it was last seen, does not have. Of timings these are all, or none if it has any.
     *
     * @throws RunGone if the run has another value of one of these points
     */
    Fresh fresh(List<MetricPoint> points, List<MetricPoint> timings) {
        Map<String, String> infinite = new LinkedHashMap<>();
        List<MetricPoint> fresh = new ArrayList<>();
        missing(points, fresh, infinite);
        if (timings.stream().noneMatch(timing -> has(timing.key()))) {
            missing(timings, fresh, infinite);
        }
        return new Fresh(fresh, infinite);
    }

    private boolean has(String metric) {
        return run.view().metrics().containsKey(KeyCodec.readBack(metric));
    }

    private void missing(List<MetricPoint> points, List<MetricPoint> fresh, Map<String, String> tags) {
        Map<String, String> infinite = new LinkedHashMap<>();
        Map<String, Map<Long, Double>> there = new HashMap<>();
        for (MetricPoint point : points) {
            if (point.isInfinite()) {
                infinite.put(point.infiniteTag(), Double.toString(point.value()));
                continue;
            }
            Double old = there.computeIfAbsent(point.key(), this::history).get(point.step());
            if (old == null) {
                fresh.add(point);
            } else if (!point.sameValue(old) && !run.isLate()) {
                LOG.info(
                        "{} at step {} is {} in run {}, now {}.",
                        point.key(),
                        point.step(),
                        old,
                        run.id(),
                        point.value());
                throw replaced(points);
            }
        }
        if (run.isLate()) {
            infinite.keySet().removeIf(name -> run.view().tags().containsKey(KeyCodec.readBack(name)));
        } else if (ValueSender.differs(run.view().tags(), infinite)) {
            throw replaced(points);
        }
        tags.putAll(infinite);
    }

    private RunGone replaced(List<MetricPoint> points) {
        said.forget(points);
        return succession.replaceAndCarry();
    }

    private Map<Long, Double> history(String metric) {
        Map<Long, Double> values = new HashMap<>();
        if (has(metric)) {
            mlflow.runs().history(run.id(), metric).forEach(point -> values.put(point.step(), point.value()));
        }
        return values;
    }
}
