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

    /** @throws RunGone if the run has another value of one of these points */
    void send(List<MetricPoint> points) {
        run.refresh();
        Map<String, String> infinite = new LinkedHashMap<>();
        Map<String, Map<Long, Double>> there = new HashMap<>();
        List<MetricPoint> fresh = new ArrayList<>();
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
        batches.send(fresh, Map.of(), infinite);
    }

    private RunGone replaced(List<MetricPoint> points) {
        said.forget(points);
        return succession.replaceAndCarry();
    }

    private Map<Long, Double> history(String metric) {
        Map<Long, Double> values = new HashMap<>();
        if (run.view().metrics().containsKey(KeyCodec.readBack(metric))) {
            mlflow.runs().history(run.id(), metric).forEach(point -> values.put(point.step(), point.value()));
        }
        return values;
    }
}
