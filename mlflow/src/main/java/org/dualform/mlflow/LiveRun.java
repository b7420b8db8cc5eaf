package org.dualform.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.mlflow.api.proto.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on the server that operations are applied to. Where its params or metrics turn out to be others than those
 * there, a new run takes its key, the old one is tagged as superseded, and what was said before is said again to the new
 * one; the same where somebody has deleted it.
 */
final class LiveRun {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);
    private static final int REOPENINGS = 4;

    private final Mlflow mlflow;
    private final RunSpec spec;
    private final Path scratch;
    private final List<Operation> applied = new ArrayList<>();
    private RunView run;
    private RunStatus found;

    private LiveRun(Mlflow mlflow, RunSpec spec, Path scratch) {
        this.mlflow = mlflow;
        this.spec = spec;
        this.scratch = scratch;
        this.run = mlflow.runs().findOrCreate(spec);
        this.found = run.status();
    }

    /**
     * Finds or makes the run and brings it to RUNNING.
     *
     * @param scratch an existing folder for copies on their way
     */
    static LiveRun open(Mlflow mlflow, RunSpec spec, Path scratch) {
        LiveRun live = new LiveRun(mlflow, spec, scratch);
        live.untilItStays(live::settle);
        return live;
    }

    RunView run() {
        return run;
    }

    void apply(Operation operation) {
        untilItStays(() -> dispatch(operation));
        applied.add(operation);
    }

    /** Puts back the state in which the run was found, where nothing has ended it since. */
    void restoreStatus() {
        if (found.ended() && !run.status().ended()) {
            check(mlflow.api().updateRun(run.id(), found, System.currentTimeMillis()));
        }
    }

    /** The run under our hands has been deleted, or holds other values and now is superseded. */
    private static final class RunGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RunGone(String message) {
            super(message, null, false, false);
        }
    }

    private void untilItStays(Runnable action) {
        RunGone last = null;
        for (int i = 0; i < REOPENINGS; i++) {
            try {
                if (last != null) {
                    run = mlflow.runs().findOrCreate(spec);
                    settle();
                    sayAgain();
                }
                action.run();
                return;
            } catch (RunGone e) {
                LOG.info("{}", e.getMessage());
                last = e;
            }
        }
        throw new TransientException("The MLflow run " + spec.key().value() + " does not stay: " + last, last);
    }

    private void sayAgain() {
        for (Operation before : List.copyOf(applied)) {
            if (before instanceof Operation.PutFile put && !Files.exists(put.file())) {
                LOG.warn("{} cannot be sent again to run {}: it is gone.", put.file(), run.id());
            } else {
                dispatch(before);
            }
        }
    }

    /** Params and tags of the specification; RUNNING. */
    private void settle() {
        Clipped params = Clipped.params(spec.params());
        if (differs(run.params(), params.values())) {
            supersede(false);
        }
        found = run.status();
        if (run.status().ended()) {
            status(RunStatus.RUNNING, 0);
        }
        log(params, Clipped.tags(spec.tags()));
    }

    private void dispatch(Operation operation) {
        if (operation instanceof Operation.Params params) {
            Clipped clipped = Clipped.params(params.values());
            if (differs(Clipped.params(spec.params()).values(), clipped.values())) {
                throw new PermanentException(
                        "A param of run " + run.id() + " is fixed by its specification: " + params.values(), null);
            }
            refresh();
            if (differs(run.params(), clipped.values())) {
                supersede(true);
            }
            log(clipped, Clipped.tags(Map.of()));
        } else if (operation instanceof Operation.SetTags tags) {
            log(Clipped.params(Map.of()), Clipped.tags(tags.values()));
        } else if (operation instanceof Operation.Metrics metrics) {
            metrics(metrics.points());
        } else if (operation instanceof Operation.Datasets datasets) {
            check(mlflow.api()
                    .logInputs(
                            run.id(),
                            datasets.datasets().stream().map(LiveRun::message).toList()));
        } else if (operation instanceof Operation.PutFile file) {
            mlflow.artifacts().upload(run, file.path(), file.file());
            if (file.table()) {
                announceTable(file.path());
            }
        } else if (operation instanceof Operation.End end) {
            status(end.status(), end.time());
        }
    }

    private void refresh() {
        run = mlflow.runs().get(run.id());
        if (run.deleted()) {
            throw new RunGone("Run " + run.id() + " has been deleted.");
        }
    }

    /** Sends what the run does not have yet; long values go along as files. */
    private void log(Clipped params, Clipped tags) {
        Map<String, String> newParams = new LinkedHashMap<>(params.values());
        newParams.keySet().removeAll(run.params().keySet());
        Map<String, String> newTags = new LinkedHashMap<>(tags.values());
        newTags.entrySet().removeIf(tag -> tag.getValue().equals(run.tags().get(tag.getKey())));
        for (Batch batch : Batch.split(List.of(), newParams, newTags)) {
            Answer answer = mlflow.api().logBatch(run.id(), batch, run.startTime());
            if (answer.paramChanged()) {
                supersede(false);
            }
            check(answer);
        }
        Map<String, String> whole = new LinkedHashMap<>(params.whole());
        whole.putAll(tags.whole());
        whole.forEach(this::uploadText);
        run = with(run, newParams, newTags, run.status());
    }

    private void uploadText(String path, String text) {
        Path file = scratch.resolve("text-" + Names.sha256(path + text) + ".txt");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new PermanentException("Cannot write " + file + ": " + e.getMessage(), e);
        }
        mlflow.artifacts().upload(run, path, file);
        Artifacts.deleteQuietly(file);
    }

    /** Each point is there once afterwards: those that are there are left out, and another value means another run. */
    private void metrics(List<MetricPoint> points) {
        refresh();
        Map<String, String> tags = new LinkedHashMap<>();
        Map<String, Map<Long, Double>> there = new HashMap<>();
        List<MetricPoint> fresh = new ArrayList<>();
        for (MetricPoint point : points) {
            if (point.infinite()) {
                tags.put(point.infiniteTag(), Double.toString(point.value()));
                continue;
            }
            Double old = there.computeIfAbsent(point.key(), this::history).get(point.step());
            if (old == null) {
                fresh.add(point);
            } else if (!point.sameValue(old)) {
                LOG.info(
                        "{} at step {} is {} in run {}, now {}.",
                        point.key(),
                        point.step(),
                        old,
                        run.id(),
                        point.value());
                forget(points);
                supersede(true);
            }
        }
        if (differs(run.tags(), tags)) {
            forget(points);
            supersede(true);
        }
        for (Batch batch : Batch.split(fresh, Map.of(), tags)) {
            check(mlflow.api().logBatch(run.id(), batch, run.startTime()));
        }
    }

    /** What was said before of the same metrics and steps is not said again to the successor. */
    private void forget(List<MetricPoint> points) {
        Set<List<Object>> places = new HashSet<>();
        points.forEach(point -> places.add(List.of(point.key(), point.step())));
        applied.replaceAll(before -> before instanceof Operation.Metrics metrics
                ? new Operation.Metrics(metrics.points().stream()
                        .filter(point -> !places.contains(List.of(point.key(), point.step())))
                        .toList())
                : before);
    }

    private Map<Long, Double> history(String metric) {
        Map<Long, Double> values = new HashMap<>();
        if (run.metrics().containsKey(metric)) {
            mlflow.runs().history(run.id(), metric).forEach(point -> values.put(point.step(), point.value()));
        }
        return values;
    }

    private void announceTable(String path) {
        refresh();
        try {
            ArrayNode all = (ArrayNode) Json.MAPPER.readTree(run.tags().getOrDefault(Tags.LOGGED_ARTIFACTS, "[]"));
            for (var entry : all) {
                if (entry.path("path").asText().equals(path)) {
                    return;
                }
            }
            all.addObject().put("path", path).put("type", "table");
            log(Clipped.params(Map.of()), Clipped.tags(Map.of(Tags.LOGGED_ARTIFACTS, all.toString())));
        } catch (JsonProcessingException | ClassCastException e) {
            throw new PermanentException(
                    "The tag " + Tags.LOGGED_ARTIFACTS + " of run " + run.id() + " is no list.", e);
        }
    }

    /**
     * Tags this run as replaced, makes its successor, and starts over on that.
     *
     * @param carry whether what this run holds besides metrics belongs to the successor too
     */
    private void supersede(boolean carry) {
        RunView old = run;
        setTag(old.id(), Tags.SUPERSEDED, "a later run");
        RunView next = mlflow.runs().findOrCreate(spec);
        if (carry) {
            mlflow.runs().carryOver(old.id(), next.id());
            mlflow.artifacts().copyAll(old, next, scratch);
        }
        setTag(old.id(), Tags.SUPERSEDED, next.id());
        mlflow.api().updateRun(old.id(), found.ended() ? found : RunStatus.KILLED, System.currentTimeMillis());
        throw new RunGone("Run " + old.id() + " holds other values; run " + next.id() + " supersedes it.");
    }

    private void setTag(String id, String key, String value) {
        Answer answer = mlflow.api().logBatch(id, new Batch(List.of(), Map.of(), Map.of(key, value)), 0);
        if (!answer.runDeleted()) {
            answer.orThrow();
        }
    }

    private void status(RunStatus status, long time) {
        if (run.status() != status) {
            check(mlflow.api().updateRun(run.id(), status, time));
            run = with(run, Map.of(), Map.of(), status);
        }
    }

    private void check(Answer answer) {
        if (answer.runDeleted()) {
            throw new RunGone("Run " + run.id() + " has been deleted.");
        }
        if (!answer.ok()) {
            DualformException failure = answer.failure();
            throw failure;
        }
    }

    private static boolean differs(Map<String, String> there, Map<String, String> now) {
        return now.entrySet().stream()
                .anyMatch(entry ->
                        there.containsKey(entry.getKey()) && !entry.getValue().equals(there.get(entry.getKey())));
    }

    private static RunView with(RunView run, Map<String, String> params, Map<String, String> tags, RunStatus status) {
        Map<String, String> allParams = new LinkedHashMap<>(run.params());
        allParams.putAll(params);
        Map<String, String> allTags = new LinkedHashMap<>(run.tags());
        allTags.putAll(tags);
        return new RunView(
                run.id(),
                run.experimentId(),
                run.name(),
                status,
                run.startTime(),
                run.deleted(),
                run.artifactUri(),
                allParams,
                allTags,
                run.metrics());
    }

    private static Service.DatasetInput message(DatasetUse use) {
        Service.Dataset.Builder dataset = Service.Dataset.newBuilder()
                .setName(use.name())
                .setDigest(use.digest())
                .setSourceType(use.sourceType())
                .setSource(use.source());
        if (use.schema() != null) {
            dataset.setSchema(use.schema());
        }
        if (use.profile() != null) {
            dataset.setProfile(use.profile());
        }
        return Service.DatasetInput.newBuilder()
                .addTags(Service.InputTag.newBuilder()
                        .setKey("mlflow.data.context")
                        .setValue(use.context()))
                .setDataset(dataset)
                .build();
    }
}
