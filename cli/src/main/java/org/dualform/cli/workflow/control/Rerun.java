package org.dualform.cli.workflow.control;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.dualform.airflow.dag.TaskGraph;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;

/**
 * Chooses the tasks that must run again to complete a run. These are the tasks that failed, those that never ran
 * because of a failure or a cancellation, and all tasks that depend on either. The other tasks that succeeded stay as
 * they are.
 */
public final class Rerun {
    private Rerun() {}

    /** The tasks to run again; empty if the run needs none. */
    public static SortedSet<TaskKey> of(RunState run, TaskGraph graph, Collection<TaskInstance> tasks) {
        Set<TaskKey> meant = skipsThatWereMeant(graph, tasks);
        List<TaskKey> broken = new ArrayList<>();
        for (TaskInstance task : tasks) {
            boolean cancelled = task.state() == TaskState.SKIPPED && !meant.contains(task.key());
            boolean leftOver = run.isFinished() && !task.state().isFinished();
            if (task.state().isFailure() || cancelled || leftOver) {
                broken.add(task.key());
            }
        }
        if (broken.isEmpty() && run == RunState.FAILED) {
            // Someone marked the run as failed after its last task, so the last task runs again and decides.
            graph.followers().entrySet().stream()
                    .filter(entry -> entry.getValue().isEmpty())
                    .forEach(last -> tasks.stream()
                            .map(TaskInstance::key)
                            .filter(key -> key.taskId().equals(last.getKey()))
                            .forEach(broken::add));
        }
        return graph.affected(broken, tasks);
    }

    /**
     * The tasks that were skipped on purpose: a task that ran and asked to be skipped, because its method was not
     * requested, and the tasks skipped with it. Cancelling a run skips the waiting tasks too, but these never ran and
     * follow no such task.
     */
    private static Set<TaskKey> skipsThatWereMeant(TaskGraph graph, Collection<TaskInstance> tasks) {
        Set<TaskKey> meant = tasks.stream()
                .filter(task -> task.state() == TaskState.SKIPPED && task.hasRun())
                .map(TaskInstance::key)
                .collect(Collectors.toCollection(TreeSet::new));
        boolean found = true;
        while (found) {
            found = false;
            for (TaskInstance task : tasks) {
                if (task.state() == TaskState.SKIPPED && !meant.contains(task.key())) {
                    found |= follows(graph.followers(), meant, task.key()) && meant.add(task.key());
                }
            }
        }
        return meant;
    }

    private static boolean follows(Map<String, List<String>> followers, Set<TaskKey> meant, TaskKey key) {
        return meant.stream()
                .anyMatch(before ->
                        followers.getOrDefault(before.taskId(), List.of()).contains(key.taskId())
                                && (before.mapIndex() == key.mapIndex() || !before.isMapped() || !key.isMapped()));
    }
}
