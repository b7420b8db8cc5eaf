package org.dualform.mlflow.server;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.TransientException;
import org.dualform.mlflow.rest.MlflowApi;
import org.dualform.mlflow.rest.RunMessages;
import org.dualform.mlflow.rest.SearchFilters;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;

/** The runs of a server. There is one run for each key, however often and from wherever it is asked for. */
public final class Runs {
    private static final int TRIES = 4;

    /** All makers of one run agree on this order, whenever they look, because neither field ever changes. */
    private static final Comparator<RunView> FIRST =
            Comparator.comparingLong(RunView::startTime).thenComparing(RunView::id);

    private final MlflowApi api;
    private final Experiments experiments;
    private final RunCopy copy;

    Runs(MlflowApi api, Experiments experiments) {
        this.api = api;
        this.experiments = experiments;
        this.copy = new RunCopy(api);
    }

    /** The runs that pass an MLflow filter, oldest first; none if the experiment is unknown. */
    public List<RunView> search(String experiment, String filter) {
        return experiments.find(experiment).map(id -> api.search(id, filter)).orElse(List.of()).stream()
                .map(RunMessages::view)
                .toList();
    }

    /** All runs of a study, without those that a later run replaced. */
    public List<RunView> ofStudy(String experiment, String study) {
        return search(experiment, SearchFilters.study(study));
    }

    /** All runs of a study, also those that a later run replaced. */
    public List<RunView> everyOfStudy(String experiment, String study) {
        return search(experiment, SearchFilters.every(study));
    }

    public Optional<RunView> find(String experiment, RunKey key) {
        return search(experiment, SearchFilters.key(key)).stream().min(FIRST);
    }

    public RunView get(String id) {
        return RunMessages.view(api.run(id));
    }

    /** Every point of one metric, by step. */
    public List<MetricPoint> history(String id, String metric) {
        return api.history(id, RunMessages.key(metric)).stream()
                .map(RunMessages::point)
                .sorted(Comparator.comparingLong(MetricPoint::step))
                .toList();
    }

    /**
     * Ends a run, whatever its state is.
     *
     * @param time milliseconds since 1970
     */
    public void end(String id, RunStatus status, long time) {
        api.updateRun(id, status, time).orThrow();
    }

    /** Copies params, tags and data sets from one run to another, as far as the other lacks them. */
    public void carryOver(String from, String to) {
        copy.carryOver(from, to);
    }

    /**
     * The run of this key, which is made if there is none. If several were made at once, the first (by start time, then
     * id) stays. The others are deleted, and what they hold is copied to the first.
     */
    public RunView findOrCreate(RunSpec spec) {
        String experimentId = experiments.findOrCreate(spec.experiment());
        List<RunView> found = active(experimentId, spec.key());
        for (int attempt = 1; found.isEmpty(); attempt++) {
            if (attempt > TRIES) {
                throw new TransientException(
                        "MLflow takes the run " + spec.key().value() + " but does not show it.", null);
            }
            create(experimentId, spec, attempt == TRIES);
            found = active(experimentId, spec.key());
        }
        return settle(found);
    }

    private void create(String experimentId, RunSpec spec, boolean last) {
        Map<String, String> identity =
                Map.of(Tags.RUN_KEY, spec.key().value(), Tags.STUDY, spec.key().study());
        try {
            api.createRun(experimentId, spec.name(), System.currentTimeMillis(), identity);
        } catch (TransientException e) {
            // The server may have made it all the same: the caller looks again before it makes another.
            if (last) {
                throw e;
            }
        }
    }

    private List<RunView> active(String experimentId, RunKey key) {
        return api.search(experimentId, SearchFilters.key(key)).stream()
                .map(RunMessages::view)
                .sorted(FIRST)
                .toList();
    }

    private RunView settle(List<RunView> found) {
        RunView winner = found.get(0);
        for (RunView loser : found.subList(1, found.size())) {
            api.deleteRun(loser.id());
            copy.carryOver(loser.id(), winner.id());
            copy.carryMetrics(loser.id(), winner.id());
        }
        return winner;
    }
}
