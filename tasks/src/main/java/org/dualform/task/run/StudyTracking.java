package org.dualform.task.run;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.DualformException;
import org.dualform.contract.Request;
import org.dualform.contract.Result;
import org.dualform.mlflow.TrackedRun;
import org.dualform.mlflow.Tracker;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.page.Links;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.Tags;
import org.jspecify.annotations.Nullable;

/**
 * A task's access to the runs of its study. It knows their server, their names, and the tags that all of them carry.
 */
public final class StudyTracking implements AutoCloseable {
    private final Tracker tracker;
    private final Request request;
    private final Request.Tracking where;

    /** Whose tracker it is; null if the tracker is closed with this. */
    private final @Nullable Reporting shared;

    private StudyTracking(Tracker tracker, Request request, Request.Tracking where, @Nullable Reporting shared) {
        this.tracker = tracker;
        this.shared = shared;
        this.request = request;
        this.where = where;
    }

    /**
     * Opens the tracking; empty if the request has none. Data that waits in the spool for this server is delivered
     * first.
     */
    static Optional<StudyTracking> open(Request request, Map<String, String> environment) {
        return open(request, environment, null);
    }

    /** As {@link #open(Request, Map)}, with the way to MLflow that the steps of a task share, if there is one. */
    static Optional<StudyTracking> open(Request request, Map<String, String> environment, @Nullable Reporting shared) {
        Request.Tracking where = request.tracking();
        if (where == null) return Optional.empty();
        Path spool = Path.of(request.workspace()).resolve("spool");
        MlflowServer server = MlflowServer.of(where.uri(), environment);
        Tracker tracker = shared == null ? Tracker.open(server, spool) : shared.tracker(server, spool);
        tracker.deliver();
        return Optional.of(new StudyTracking(tracker, request, where, shared));
    }

    public String study() {
        return where.study();
    }

    public RunKey key(String cell, String kind) {
        return new RunKey(where.study(), cell, kind);
    }

    /** Finds a run or makes one. Its status is RUNNING afterwards. */
    public TrackedRun run(RunKey key, String name, Map<String, String> params, Map<String, String> tags) {
        Map<String, String> all = new TreeMap<>(tags);
        all.putAll(identity());
        return tracker.run(new RunSpec(where.experiment(), key, name, params, all));
    }

    public Optional<RunView> find(RunKey key) {
        return tracker.find(where.experiment(), key);
    }

    public static final String SUMMARY = "summary";

    /** The link that a task shows if it owns no run. */
    Optional<Result.Run> summaryLink() {
        Optional<Result.Run> known = shared == null ? Optional.empty() : shared.summary(where.study());
        if (known.isPresent()) return known;
        Optional<Result.Run> found = find(key("", SUMMARY)).map(this::link);
        if (shared != null) found.ifPresent(run -> shared.foundSummary(where.study(), run));
        return found;
    }

    public Optional<Result.Run> link(TrackedRun run) {
        Optional<String> id = run.id();
        return id.isEmpty() ? Optional.empty() : run.url().map(url -> new Result.Run(id.get(), url.toString()));
    }

    private Result.Run link(RunView run) {
        return new Result.Run(run.id(), links(run.experimentId()).run(run.id()).toString());
    }

    /** The address of the chart of all curves. They are grouped if the server keeps that view. */
    public URI charts(String experimentId) {
        return tracker.charts(experimentId, where.study());
    }

    public Links links(String experimentId) {
        return tracker.mlflow().links(experimentId);
    }

    public Tracker tracker() {
        return tracker;
    }

    public String experiment() {
        return where.experiment();
    }

    /** Whether the study's tasks send their files to its runs. */
    public boolean filesTravel() {
        return request.travelsThroughMlflow();
    }

    /**
     * Whether the run still belongs to this try. A process can outlive its try: where its supervisor was killed, Airflow
     * starts the next try, and this process learns of it only when it is stopped. The next try then owns the run.
     */
    public boolean isOurs(String runId) {
        Request.Identity identity = request.identity();
        if (identity == null) return true;
        try {
            Map<String, String> tags = tracker.mlflow().runs().get(runId).tags();
            String task = identity.taskId();
            String attempt = Integer.toString(identity.tryNumber());
            return task.equals(tags.getOrDefault(Tags.AIRFLOW_TASK, task))
                    && attempt.equals(tags.getOrDefault(Tags.AIRFLOW_TRY, attempt));
        } catch (DualformException e) {
            return true; // The server is away. What is said waits in the spool, in the order of the tries.
        }
    }

    /** The identity of the task instance. It becomes tags and not params, since a retry changes it. */
    private Map<String, String> identity() {
        Map<String, String> tags = new TreeMap<>();
        tags.put(Tags.USER, System.getProperty("user.name", "unknown"));
        tags.put(
                Tags.SOURCE,
                "dualform " + Provenance.versions().path("dualform").asText());
        Request.Identity identity = request.identity();
        if (identity != null) {
            tags.put(Tags.AIRFLOW_DAG, identity.dagId());
            tags.put(Tags.AIRFLOW_RUN, identity.runId());
            tags.put(Tags.AIRFLOW_TASK, identity.taskId());
            tags.put(Tags.AIRFLOW_MAP_INDEX, Integer.toString(identity.mapIndex()));
            tags.put(Tags.AIRFLOW_TRY, Integer.toString(identity.tryNumber()));
        }
        return tags;
    }

    @Override
    public void close() {
        if (shared == null) tracker.close();
    }
}
