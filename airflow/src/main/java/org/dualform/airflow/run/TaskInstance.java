package org.dualform.airflow.run;

import java.time.Instant;
import org.dualform.airflow.api.model.TaskInstanceResponse;
import org.jspecify.annotations.Nullable;

/**
 * One task of a run, or one of a mapped task's instances.
 *
 * @param name the readable name of a mapped instance, or null
 * @param tryNumber the number of the current try, from 1; 0 before the first start
 * @param hostname the machine on which it last ran
 * @param pid the id of its process on that machine
 */
public record TaskInstance(
        TaskKey key,
        @Nullable String name,
        TaskState state,
        int tryNumber,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String hostname,
        @Nullable Integer pid) {

    /** The task with its readable name, such as {@code cells.infer_icl (topics, seed 1)}. */
    public String label() {
        return name == null || name.isBlank() ? key.toString() : key.taskId() + " (" + name + ")";
    }

    /** Whether a process of it was started. */
    public boolean hasRun() {
        return pid != null || (hostname != null && !hostname.isBlank());
    }

    /** Whether it ended while it waited: Airflow then gives its beginning the time of its end. */
    public boolean neverBegan() {
        return state.isFinished() && startedAt != null && startedAt.equals(endedAt);
    }

    TaskInstance named(String newName) {
        return new TaskInstance(key, newName, state, tryNumber, startedAt, endedAt, hostname, pid);
    }

    public static TaskInstance of(TaskInstanceResponse task) {
        Integer mapIndex = task.getMapIndex();
        Integer tryNumber = task.getTryNumber();
        String name = task.getRenderedMapIndex();
        return new TaskInstance(
                new TaskKey(task.getTaskId(), mapIndex == null ? -1 : mapIndex),
                // Airflow renders the name when an instance starts. Until then it gives the index as the name.
                name == null || name.equals(String.valueOf(mapIndex)) ? null : name,
                TaskState.of(task.getState()),
                tryNumber == null ? 0 : tryNumber,
                DagRun.instant(task.getStartDate()),
                DagRun.instant(task.getEndDate()),
                task.getHostname(),
                task.getPid());
    }
}
