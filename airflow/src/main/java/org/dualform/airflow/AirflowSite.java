package org.dualform.airflow;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dualform.airflow.api.AirflowApi;
import org.dualform.airflow.api.model.ClearTaskInstancesBody;
import org.dualform.airflow.api.model.DAGRunPatchBody;
import org.dualform.airflow.api.model.PoolResponse;
import org.dualform.airflow.api.model.TriggerDAGRunPostBody;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.airflow.http.Caller;
import org.jspecify.annotations.Nullable;

/** What a server has for a study, and what its user may do there. Nothing here changes anything. */
public final class AirflowSite {
    /** As many rows as Airflow gives at once by default. */
    private static final int PAGE = 100;
    /** An id that no run has: Airflow's own begin with a word, and ours hold no tilde. */
    private static final String NO_RUN = "~preflight";

    private static final int FORBIDDEN = 403;

    private final Caller caller;
    private final AirflowLogin login;

    AirflowSite(Caller caller, AirflowLogin login) {
        this.caller = caller;
        this.login = login;
    }

    /** The name of the user who asks. */
    public String user() {
        return login.user();
    }

    /**
     * A connection, without its secrets.
     *
     * @param address host, port and schema as far as they are given
     */
    public record Connection(String id, String type, String address) {}

    /**
     * A pool.
     *
     * @param slots all of them; −1 for no limit
     * @param open the slots that no task has now
     */
    public record Pool(String name, int slots, int open) {}

    /** Something that a user may do with a DAG. */
    public enum Deed {
        TRIGGER("trigger runs"),
        CLEAR("clear tasks (resume, clear)"),
        MARK("end runs (cancel)");

        private final String text;

        Deed(String text) {
            this.text = text;
        }

        /** For people, after "may". */
        public String text() {
            return text;
        }
    }

    /**
     * The server's clock, by the header of an answer.
     *
     * @return the difference to {@code now} is exact to about a second; empty if the answer tells no time
     */
    public Optional<Instant> clock() {
        return date(caller
                .callOpen("tell the time", AirflowApi::getVersionWithHttpInfo)
                .getHeaders()
                .getOrDefault("date", List.of())
                .stream()
                .findFirst()
                .orElse(null));
    }

    /** Reads the time of an HTTP header {@code Date}. */
    public static Optional<Instant> date(@Nullable String header) {
        if (header == null) return Optional.empty();
        try {
            return Optional.of(ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The version of each provider package that the API server has, by its name. */
    public Map<String, String> providers() {
        Map<String, String> versions = new LinkedHashMap<>();
        int offset = 0;
        while (true) {
            int from = offset;
            var page = caller.call("list providers", api -> api.getProviders(PAGE, from));
            page.getProviders().forEach(each -> versions.put(each.getPackageName(), each.getVersion()));
            offset += page.getProviders().size();
            if (page.getProviders().isEmpty() || page.getProviders().size() < PAGE) return versions;
        }
    }

    public List<Connection> connections() {
        return caller.call("list connections", api -> api.getConnections(PAGE, 0)).getConnections().stream()
                .map(each -> new Connection(
                        each.getConnectionId(),
                        String.valueOf(each.getConnType()),
                        address(each.getSchema(), each.getHost(), each.getPort())))
                .toList();
    }

    private static String address(@Nullable String schema, @Nullable String host, @Nullable Integer port) {
        if (host == null || host.isBlank()) return "";
        String name = port == null ? host : host + ":" + port;
        return schema == null || schema.isBlank() || host.contains("://") ? name : schema + "://" + name;
    }

    public List<Pool> pools() {
        return caller.call("list pools", api -> api.getPools(PAGE, 0)).getPools().stream()
                .map(AirflowSite::pool)
                .toList();
    }

    private static Pool pool(PoolResponse pool) {
        Integer slots = pool.getSlots();
        Integer open = pool.getOpenSlots();
        return new Pool(pool.getName(), slots == null ? 0 : slots, open == null ? 0 : open);
    }

    /** The names of the pools that the tasks of a DAG take slots of. */
    public SortedSet<String> poolsOf(String dagId) {
        SortedSet<String> names = new TreeSet<>();
        caller.call("list the tasks of " + dagId, api -> api.getTasks(dagId))
                .getTasks()
                .forEach(task -> {
                    String pool = task.getPool();
                    if (pool != null) names.add(pool);
                });
        return names;
    }

    /** Whether the user may do this with the DAG. It is asked by a call that is malformed, or about a run that is none. */
    public boolean may(Deed deed, String dagId) {
        int status = switch (deed) {
            case TRIGGER -> {
                // An interval needs both ends, so that Airflow refuses this body from everybody (422).
                TriggerDAGRunPostBody half = new TriggerDAGRunPostBody()
                        .dagRunId(NO_RUN)
                        .dataIntervalStart(OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));
                yield caller.refusal("tell who may trigger", api -> api.triggerDagRun(dagId, half));
            }
            case CLEAR -> {
                ClearTaskInstancesBody dry = new ClearTaskInstancesBody()
                        .dryRun(true)
                        .dagRunId(NO_RUN)
                        .resetDagRuns(false);
                yield caller.refusal("tell who may clear", api -> api.clearTaskInstances(dagId, dry));
            }
            case MARK -> {
                DAGRunPatchBody none = new DAGRunPatchBody();
                yield caller.refusal(
                        "tell who may end runs", api -> api.patchDagRun(dagId, NO_RUN, none, List.of("note")));
            }
        };
        return status != FORBIDDEN;
    }
}
