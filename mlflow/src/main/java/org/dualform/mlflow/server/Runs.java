package org.dualform.mlflow.server;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    private final Artifacts artifacts;

    /** By cell that was looked at: the values of the keys that have a run, or that were asked for since. */
    private final Map<RunKey, Set<String>> seen = new ConcurrentHashMap<>();

    Runs(MlflowApi api, Experiments experiments, Artifacts artifacts) {
        this.artifacts = artifacts;
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
     * Looks once for all runs of the cell of this key, so that those that are made soon are not looked for one by one.
     * Whoever makes one of them meanwhile is noticed, because a maker looks again after it has made a run.
     */
    public void lookAhead(String experiment, RunKey key) {
        RunKey cell = cell(key);
        if (seen.containsKey(cell)) {
            return;
        }
        Set<String> there = ConcurrentHashMap.newKeySet();
        there.addAll(api.search(experiments.findOrCreate(experiment), SearchFilters.cell(key)).stream()
                .map(run -> RunMessages.view(run).tag(Tags.RUN_KEY).orElse(""))
                .collect(Collectors.toSet()));
        seen.put(cell, there);
    }

    private static RunKey cell(RunKey key) {
        return new RunKey(key.study(), key.cell(), "any");
    }

    /** Whether the cell was looked at and has no such run. It says so once for each key. */
    private boolean isNew(RunKey key) {
        Set<String> there = seen.get(cell(key));
        return there != null && there.add(key.value());
    }

    /**
     * A run.
     *
     * @param made whether this call made it
     */
    public record Found(RunView run, boolean made) {}

    /** As {@link #find(RunSpec)}, without saying whether the run was there. */
    public RunView findOrCreate(RunSpec spec) {
        return find(spec).run();
    }

    /**
     * The run of this key, which is made if there is none. If several were made at once, the first (by start time, then
     * id) stays. The others are deleted, and what they hold is copied to the first: also files and the state of one that
     * has ended, because its task may be gone and say nothing again.
     */
    public Found find(RunSpec spec) {
        String experimentId = experiments.findOrCreate(spec.experiment());
        String made = "";
        List<RunView> found = isNew(spec.key()) ? List.of() : active(experimentId, spec.key());
        for (int attempt = 1; found.isEmpty(); attempt++) {
            if (attempt > TRIES) {
                throw new TransientException(
                        "MLflow takes the run " + spec.key().value() + " but does not show it.", null);
            }
            made = create(experimentId, spec, attempt == TRIES);
            found = active(experimentId, spec.key());
        }
        RunView winner = settle(found);
        return new Found(winner, winner.id().equals(made));
    }

    /** Returns the id of the run; empty if it is not known whether the server made one. */
    private String create(String experimentId, RunSpec spec, boolean last) {
        Map<String, String> identity =
                Map.of(Tags.RUN_KEY, spec.key().value(), Tags.STUDY, spec.key().study());
        try {
            return api.createRun(experimentId, spec.name(), System.currentTimeMillis(), identity)
                    .getInfo()
                    .getRunId();
        } catch (TransientException e) {
            // The server may have made it all the same: the caller looks again before it makes another.
            if (last) {
                throw e;
            }
            return "";
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
        if (found.size() == 1) return winner;
        for (RunView loser : found.subList(1, found.size())) {
            api.deleteRun(loser.id());
            copy.carryOver(loser.id(), winner.id());
            copy.carryMetrics(loser.id(), winner.id());
            artifacts.copyAll(loser, winner, Path.of(System.getProperty("java.io.tmpdir")));
            RunView last = get(loser.id());
            if (last.status().ended() && !get(winner.id()).status().ended()) {
                end(winner.id(), last.status(), System.currentTimeMillis());
            }
        }
        return get(winner.id());
    }
}
