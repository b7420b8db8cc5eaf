package org.dualform.airflow.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come.
 *
 * @param done number of task instances that have finished, in whatever state
 * @param total number of task instances that the run will have; final once {@code planned}
 * @param planned false until it is known over how many items the mapped tasks are mapped
 * @param running the task instances that run now
 * @param failed the task instances that have failed so far
 * @param succeeded the task instances that have succeeded so far
 * @param remaining an estimate of the time left, or null while there is no basis for one
 */
public record RunProgress(
        DagRun run,
        int done,
        int total,
        boolean planned,
        List<TaskInstance> running,
        List<TaskInstance> failed,
        List<TaskInstance> succeeded,
        @Nullable Duration remaining) {

    public static RunProgress of(DagRun run, Collection<TaskInstance> tasks, Instant now) {
        Expansion expansion = Expansion.of(tasks);
        int done = 0;
        int total = 0;
        for (TaskInstance task : tasks) {
            total += expansion.instances(task);
            done += task.state().isFinished() ? expansion.instances(task) : 0;
        }
        return new RunProgress(
                run,
                done,
                total,
                expansion.isComplete(),
                in(tasks, TaskState.RUNNING),
                in(tasks, TaskState.FAILED),
                in(tasks, TaskState.SUCCESS),
                expansion.isComplete() ? TimeLeft.of(tasks, expansion, now).orElse(null) : null);
    }

    private static List<TaskInstance> in(Collection<TaskInstance> tasks, TaskState state) {
        return tasks.stream().filter(task -> task.state() == state).toList();
    }
}
