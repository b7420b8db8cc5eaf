package org.dualform.mlflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.TransientException;
import org.mlflow.api.proto.Service;

/** Runs by their key: one for each, however often and from wherever it is asked for. */
public final class Runs {
    private static final int TRIES = 4;

    /** What all makers of one run agree on, whoever looks when: neither field ever changes. */
    private static final Comparator<RunView> FIRST =
            Comparator.comparingLong(RunView::startTime).thenComparing(RunView::id);

    private final MlflowApi api;
    private final Experiments experiments;

    Runs(MlflowApi api, Experiments experiments) {
        this.api = api;
        this.experiments = experiments;
    }

    /** Runs that pass an MLflow filter, oldest first; none where the experiment is unknown. */
    public List<RunView> search(String experiment, String filter) {
        return experiments.find(experiment).map(id -> api.search(id, filter)).orElse(List.of()).stream()
                .map(RunView::of)
                .toList();
    }

    /** All runs of a study that count. */
    public List<RunView> ofStudy(String experiment, String study) {
        return search(experiment, Filters.study(study));
    }

    public Optional<RunView> find(String experiment, RunKey key) {
        return search(experiment, Filters.key(key)).stream().min(FIRST);
    }

    public RunView get(String id) {
        return RunView.of(api.run(id));
    }

    /** Every point of one metric, by step. */
    public List<MetricPoint> history(String id, String metric) {
        return api.history(id, metric).stream()
                .map(point -> new MetricPoint(point.getKey(), point.getValue(), point.getStep()))
                .sorted(Comparator.comparingLong(MetricPoint::step))
                .toList();
    }

    /** Ends a run, whatever it was. */
    public void end(String id, RunStatus status, long time) {
        api.updateRun(id, status, time).orThrow();
    }

    /**
     * The run of this key, made if there is none. Of several made at once the first (by start time, then id) stays; the
     * others are deleted after what they hold has been carried over.
     */
    RunView findOrCreate(RunSpec spec) {
        String experimentId = experiments.findOrCreate(spec.experiment());
        List<RunView> found = active(experimentId, spec.key());
        for (int attempt = 1; found.isEmpty(); attempt++) {
            Map<String, String> identity = new TreeMap<>(Map.of(
                    Tags.RUN_KEY, spec.key().value(), Tags.STUDY, spec.key().study()));
            if (attempt > TRIES) {
                throw new TransientException(
                        "MLflow takes the run " + spec.key().value() + " but does not show it.", null);
            }
            try {
                api.createRun(experimentId, spec.name(), System.currentTimeMillis(), identity);
            } catch (TransientException e) {
                // The server may have made it all the same: look again before making another.
                if (attempt == TRIES) {
                    throw e;
                }
            }
            found = active(experimentId, spec.key());
        }
        return settle(found);
    }

    private List<RunView> active(String experimentId, RunKey key) {
        return api.search(experimentId, Filters.key(key)).stream()
                .map(RunView::of)
                .sorted(FIRST)
                .toList();
    }

    private RunView settle(List<RunView> found) {
        RunView winner = found.get(0);
        for (RunView loser : found.subList(1, found.size())) {
            api.deleteRun(loser.id());
            carryOver(loser.id(), winner.id());
            carryMetrics(loser.id(), winner.id());
        }
        return winner;
    }

    /** Copies params, tags, metrics and data sets that {@code to} lacks. */
    void carryOver(String from, String to) {
        Service.Run source = api.run(from);
        RunView target = get(to);
        Map<String, String> params = new TreeMap<>(RunView.of(source).params());
        params.keySet().removeAll(target.params().keySet());
        Map<String, String> tags = new TreeMap<>(RunView.of(source).tags());
        tags.keySet().removeAll(target.tags().keySet());
        tags.remove(Tags.SUPERSEDED);
        List<Service.DatasetInput> datasets = source.getInputs().getDatasetInputsList();
        if (!datasets.isEmpty()) {
            api.logInputs(to, datasets).orThrow();
        }
        for (Batch batch : Batch.split(List.of(), params, tags)) {
            api.logBatch(to, batch, 0).orThrow();
        }
    }

    /** Copies the points of every metric that {@code to} does not have at all. */
    void carryMetrics(String from, String to) {
        RunView target = get(to);
        for (String metric : get(from).metrics().keySet()) {
            List<Service.Metric> points = target.metrics().containsKey(metric) ? List.of() : api.history(from, metric);
            Map<Long, List<MetricPoint>> byTime = new TreeMap<>();
            for (Service.Metric point : points) {
                byTime.computeIfAbsent(point.getTimestamp(), time -> new ArrayList<>())
                        .add(new MetricPoint(point.getKey(), point.getValue(), point.getStep()));
            }
            byTime.forEach((time, group) -> Batch.split(group, Map.of(), Map.of())
                    .forEach(batch -> api.logBatch(to, batch, time).orThrow()));
        }
    }
}
