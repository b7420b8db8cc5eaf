package org.dualform.airflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.dualform.airflow.api.AirflowApi;
import org.dualform.airflow.api.ApiException;
import org.dualform.airflow.api.model.ClearTaskInstancesBody;
import org.dualform.airflow.api.model.ComponentHealth;
import org.dualform.airflow.api.model.DAGPatchBody;
import org.dualform.airflow.api.model.DAGRunPatchBody;
import org.dualform.airflow.api.model.DAGRunResponse;
import org.dualform.airflow.api.model.HealthInfoResponse;
import org.dualform.airflow.api.model.PatchTaskInstanceBody;
import org.dualform.airflow.api.model.PoolBody;
import org.dualform.airflow.api.model.PoolPatchBody;
import org.dualform.airflow.api.model.TriggerDAGRunPostBody;
import org.dualform.airflow.dag.Dag;
import org.dualform.airflow.dag.DagForm;
import org.dualform.airflow.dag.TaskGraph;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.http.Caller;
import org.dualform.airflow.run.DagRun;
import org.dualform.airflow.run.InstanceNames;
import org.dualform.airflow.run.LogLine;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.dualform.base.Backoff;
import org.dualform.contract.Proxies;
import org.dualform.contract.TransientException;
import org.jspecify.annotations.Nullable;

/**
 * What Dualform asks of an Airflow server, by its REST API v2 (Airflow 3).
 *
 * <pre>{@code
 * AirflowClient airflow = new AirflowClient(new AirflowLogin(URI.create("http://localhost:8080"), "admin", password));
 * DagRun run = airflow.trigger("icl_shot_sweep", null, Map.of("limit", 20), null);
 * new RunWatcher(airflow).watch(run.dagId(), run.runId(), progress -> System.out.println(progress.done()));
 * }</pre>
 *
 * <p>Safe for use by several threads. Every method throws {@link org.dualform.contract.TransientException} if the server is
 * away or overloaded, and {@link org.dualform.contract.UserException} with the server's explanation if it refuses. A call
 * that fails in passing is repeated, but tasks are cleared once at most, and an id never gets a second run (see {@link Caller}).
 */
public final class AirflowClient {
    /** Rows of a page: the most that Airflow's default configuration allows. */
    private static final int PAGE = 100;
    /** More than any list of Airflow that Dualform reads has. */
    private static final int MOST_ROWS = 100_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Caller caller;
    private final AirflowLogin login;

    /** A client for a server on this machine. */
    public AirflowClient(AirflowLogin login) {
        this(login, Proxies.of(Map.of()));
    }

    /** @param proxies the proxies through which the server may have to be reached */
    public AirflowClient(AirflowLogin login, Proxies proxies) {
        this.login = login;
        this.caller = new Caller(login, proxies, Clock.systemUTC(), Caller.NORMAL);
    }

    AirflowClient(AirflowLogin login, Clock clock, Backoff backoff) {
        this.login = login;
        this.caller = new Caller(login, Proxies.of(Map.of()), clock, backoff);
    }

    /** What this user and this server have for a study. */
    public AirflowSite site() {
        return new AirflowSite(caller, login);
    }

    /** The address of Airflow's UI. */
    public String url() {
        return login.url().toString();
    }

    /** The address of a run's page in Airflow's UI. */
    public String runUrl(String dagId, String runId) {
        return login.url() + "/dags/" + Encoding.path(dagId) + "/runs/" + Encoding.path(runId);
    }

    public String version() {
        return caller.callOpen("tell its version", AirflowApi::getVersion).getVersion();
    }

    /** The state of each component, such as {@code healthy}. A component that has never run is missing. */
    public Map<String, String> health() {
        HealthInfoResponse health = caller.callOpen("tell its health", AirflowApi::getHealth);
        Map<String, String> states = new LinkedHashMap<>();
        put(states, "metadatabase", health.getMetadatabase());
        put(states, "scheduler", health.getScheduler());
        put(states, "dag_processor", health.getDagProcessor());
        put(states, "triggerer", health.getTriggerer());
        return states;
    }

    private static void put(Map<String, String> states, String name, @Nullable ComponentHealth health) {
        String status = health == null ? null : health.getStatus();
        if (status != null) {
            states.put(name, status);
        }
    }

    public List<Dag> dags() {
        return dags(null);
    }

    /** The DAGs that carry a tag; all DAGs if it is null. */
    public List<Dag> dags(@Nullable String tag) {
        List<String> tags = tag == null ? null : List.of(tag);
        return pages(
                "list DAGs",
                (api, offset) -> {
                    var page = api.getDags(PAGE, offset, tags);
                    return new Page<>(page.getDags(), page.getTotalEntries());
                },
                Dag::of);
    }

    /** A DAG with the parameters of its form; empty if Airflow knows no such DAG, or not yet. */
    public Optional<DagForm> form(String dagId) {
        return caller.find("read the DAG " + dagId, api -> api.getDagDetails(dagId))
                .map(DagForm::of);
    }

    /** The tasks of a DAG, and which tasks directly follow each. */
    public TaskGraph graph(String dagId) {
        return TaskGraph.of(caller.call("list the tasks of " + dagId, api -> api.getTasks(dagId))
                .getTasks());
    }

    public void pause(String dagId, boolean paused) {
        caller.call(
                (paused ? "pause " : "unpause ") + dagId,
                api -> api.patchDag(dagId, new DAGPatchBody().isPaused(paused), List.of("is_paused")));
    }

    /** The DAG files that Airflow could not read, with the stack trace of each. */
    public Map<String, String> importErrors() {
        Map<String, String> errors = new LinkedHashMap<>();
        pages(
                        "list import errors",
                        (api, offset) -> {
                            var page = api.getImportErrors(PAGE, offset);
                            return new Page<>(page.getImportErrors(), page.getTotalEntries());
                        },
                        Function.identity())
                .forEach(error -> errors.put(error.getFilename(), error.getStackTrace()));
        return errors;
    }

    /** Warnings about DAGs, each as "dag: message". */
    public List<String> warnings() {
        return pages(
                "list warnings",
                (api, offset) -> {
                    var page = api.getDagWarnings(PAGE, offset);
                    return new Page<>(page.getDagWarnings(), page.getTotalEntries());
                },
                warning -> warning.getDagId() + ": " + warning.getMessage());
    }

    /**
     * Triggers a run. With an id of the caller's it may be asked for again until there is an answer, because Airflow makes
     * one run of an id: a run that the first, lost answer was about is found and not made twice. Without an id, the call is
     * sent once at most: if it is unknown whether Airflow received it, this fails.
     *
     * @param runId the run's id, or null to let Airflow choose one
     * @param conf the parameters that differ from the form's defaults
     * @param note a text shown with the run in Airflow's UI, or null
     */
    public DagRun trigger(String dagId, @Nullable String runId, Map<String, Object> conf, @Nullable String note) {
        TriggerDAGRunPostBody body = new TriggerDAGRunPostBody()
                .dagRunId(runId)
                .conf(new LinkedHashMap<>(conf))
                .note(note);
        String what = "trigger " + dagId;
        if (runId == null) return DagRun.of(caller.callOnce(what, api -> api.triggerDagRun(dagId, body)));
        return DagRun.of(caller.callAsOne(
                what, api -> api.triggerDagRun(dagId, body), api -> made(api.getDagRun(dagId, runId), body)));
    }

    /** The run that has the id, if it is the one that was asked for; empty if somebody else has made it meanwhile. */
    private static Optional<DAGRunResponse> made(DAGRunResponse run, TriggerDAGRunPostBody asked) {
        boolean same =
                asJson(run.getConf()).equals(asJson(asked.getConf())) && Objects.equals(run.getNote(), asked.getNote());
        return same ? Optional.of(run) : Optional.empty();
    }

    /** As the server keeps it: 20 is 20, whichever of Java's types holds it. */
    private static JsonNode asJson(@Nullable Map<String, Object> conf) {
        try {
            return JSON.readTree(JSON.writeValueAsBytes(conf == null ? Map.of() : conf));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<DagRun> run(String dagId, String runId) {
        return caller.find("read the run " + runId, api -> api.getDagRun(dagId, runId))
                .map(DagRun::of);
    }

    /** The run of this id, of whatever DAG. */
    public Optional<DagRun> run(String runId) {
        return pages(
                        "look for the run " + runId,
                        (api, offset) -> {
                            var page = api.getDagRuns("~", PAGE, offset, List.of("id"), runId);
                            return new Page<>(page.getDagRuns(), page.getTotalEntries());
                        },
                        DagRun::of)
                .stream()
                .filter(run -> run.runId().equals(runId))
                .findFirst();
    }

    /** The latest runs of a DAG, newest first; the DAG "~" stands for all DAGs. */
    public List<DagRun> latestRuns(String dagId, int count) {
        var page = caller.call("list runs", api -> api.getDagRuns(dagId, count, 0, List.of("-run_after"), null));
        return page.getDagRuns().stream().map(DagRun::of).toList();
    }

    public void setRunState(String dagId, String runId, RunState state) {
        String name = state.label();
        caller.call(
                "mark the run " + runId + " as " + name,
                api -> api.patchDagRun(dagId, runId, new DAGRunPatchBody().state(name), List.of("state")));
    }

    /** All task instances of a run, ordered by key. */
    public List<TaskInstance> tasks(DagRun run) {
        // Pages are ordered by a unique column, so that no row falls on two pages or on none.
        List<TaskInstance> tasks = pages(
                "list the tasks of " + run.runId(),
                (api, offset) -> {
                    var page = api.getTaskInstances(run.dagId(), run.runId(), PAGE, offset, List.of("id"));
                    return new Page<>(page.getTaskInstances(), page.getTotalEntries());
                },
                TaskInstance::of);
        return InstanceNames.complete(tasks).stream()
                .sorted(Comparator.comparing(TaskInstance::key))
                .toList();
    }

    public TaskInstance task(DagRun run, TaskKey key) {
        return TaskInstance.of(caller.call(
                "read the task " + key,
                api -> api.getTaskInstance(run.dagId(), run.runId(), key.taskId(), key.mapIndex())));
    }

    /** The value that a task left under a key, as maps, lists, strings, numbers and booleans; empty if it left none. */
    public Optional<Object> xcom(DagRun run, TaskKey task, String key) {
        return caller.find(
                        "read what " + task + " left",
                        api -> api.getXcomEntry(run.dagId(), run.runId(), task.taskId(), key, task.mapIndex()))
                .flatMap(entry -> Optional.ofNullable(entry.getValue()));
    }

    /** The addresses that a task's links lead to now, by the links' names. */
    public Map<String, String> links(DagRun run, TaskKey task) {
        Map<String, String> links = new LinkedHashMap<>();
        caller.call(
                        "read the links of " + task,
                        api -> api.getExtraLinks(run.dagId(), run.runId(), task.taskId(), task.mapIndex()))
                .getExtraLinks()
                .forEach((name, url) -> {
                    if (url != null) {
                        links.put(name, url);
                    }
                });
        return links;
    }

    /** The lines that one try of a task has logged so far. */
    public List<LogLine> log(DagRun run, TaskKey task, int tryNumber) {
        var log = caller.call(
                "read the log of " + task,
                api -> api.getLog(run.dagId(), run.runId(), task.taskId(), tryNumber, true, task.mapIndex()));
        return log.getContent().stream().map(LogLine::of).toList();
    }

    /** Clears exactly these task instances, so that Airflow runs them again; the run goes on as well. */
    public void clear(DagRun run, List<TaskKey> tasks) {
        caller.callOnce(
                "clear tasks of " + run.runId(),
                api -> api.clearTaskInstances(run.dagId(), clearing(run, tasks, false)));
    }

    /** What {@link #clear} of these task instances would clear, in Airflow's words; nothing is changed. */
    public List<TaskInstance> wouldClear(DagRun run, List<TaskKey> tasks) {
        return caller
                .call(
                        "tell what clearing tasks of " + run.runId() + " changes",
                        api -> api.clearTaskInstances(run.dagId(), clearing(run, tasks, true)))
                .getTaskInstances()
                .stream()
                .map(TaskInstance::of)
                .sorted(Comparator.comparing(TaskInstance::key))
                .toList();
    }

    private static ClearTaskInstancesBody clearing(DagRun run, List<TaskKey> tasks, boolean dry) {
        List<Object> ids = new ArrayList<>();
        for (TaskKey key : tasks) {
            ids.add(key.isMapped() ? List.of(key.taskId(), key.mapIndex()) : key.taskId());
        }
        return new ClearTaskInstancesBody()
                .dryRun(dry)
                .dagRunId(run.runId())
                .taskIds(ids)
                .onlyFailed(false)
                .includeDownstream(false)
                .resetDagRuns(true);
    }

    /** Marks a task instance as succeeded, failed or skipped. One that is running is stopped. */
    public void setTaskState(DagRun run, TaskKey key, TaskState state) {
        PatchTaskInstanceBody body = new PatchTaskInstanceBody().newState(state.label());
        caller.call(
                "mark " + key + " as " + state.label(),
                api -> api.patchTaskInstance(
                        run.dagId(), run.runId(), key.taskId(), key.mapIndex(), body, List.of("new_state")));
    }

    /** The number of slots of each pool, by the pools' names. */
    public Map<String, Integer> pools() {
        Map<String, Integer> pools = new LinkedHashMap<>();
        pages(
                        "list pools",
                        (api, offset) -> {
                            var page = api.getPools(PAGE, offset);
                            return new Page<>(page.getPools(), page.getTotalEntries());
                        },
                        Function.identity())
                .forEach(pool -> pools.put(pool.getName(), pool.getSlots()));
        return pools;
    }

    /** Gives a pool this many slots, and makes the pool if there is none. */
    public void setPool(String name, int slots) {
        if (pools().containsKey(name)) {
            caller.call(
                    "change the pool " + name,
                    api -> api.patchPool(name, new PoolPatchBody().slots(slots), List.of("slots")));
        } else {
            caller.callOnce(
                    "make the pool " + name,
                    api -> api.createPool(new PoolBody().name(name).slots(slots).includeDeferred(false)));
        }
    }

    private record Page<T>(List<T> rows, @Nullable Integer total) {}

    private interface PageCall<T> {
        Page<T> at(AirflowApi api, int offset) throws ApiException;
    }

    private <T, R> List<R> pages(String what, PageCall<T> call, Function<T, R> reading) {
        List<R> all = new ArrayList<>();
        while (all.size() < MOST_ROWS) {
            int offset = all.size();
            Page<T> page = caller.call(what, api -> call.at(api, offset));
            page.rows().forEach(row -> all.add(reading.apply(row)));
            Integer total = page.total();
            boolean last = total == null ? page.rows().size() < PAGE : all.size() >= total;
            if (last || page.rows().isEmpty()) {
                return all;
            }
        }
        throw new TransientException(
                "Airflow at " + login.url() + " was asked to " + what + ", and its list does not end.", null);
    }
}
