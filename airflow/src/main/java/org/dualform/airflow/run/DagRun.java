package org.dualform.airflow.run;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.dualform.airflow.api.model.DAGRunResponse;
import org.jspecify.annotations.Nullable;

/**
 * One run of a DAG.
 *
 * @param conf the parameters that the trigger sent; those left at their defaults are not among them
 */
public record DagRun(
        String dagId,
        String runId,
        RunState state,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        Map<String, Object> conf) {

    public static DagRun of(DAGRunResponse run) {
        Map<String, Object> conf = run.getConf();
        return new DagRun(
                run.getDagId(),
                run.getDagRunId(),
                RunState.of(run.getState()),
                instant(run.getQueuedAt()),
                instant(run.getStartDate()),
                instant(run.getEndDate()),
                conf == null ? Map.of() : conf);
    }

    static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
