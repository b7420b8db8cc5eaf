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
 * Which tasks have to run again to complete a run: those that failed, those that never ran because of that or because
 * someone cancelled, and all that depend on either. Tasks that succeeded without them stay as they are.
 */
public final class Rerun {
    private Rerun() {}

    /** Nothing, if the run has failed in nothing. */
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
            // Someone marked the run as failed after its last task: that one decides again.
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
     * A task that ran and asked to be skipped was meant to be (the method was not asked for), and so was what was
     * skipped with it. Cancelling a run skips what waits too, but that never ran and follows no such task.
     */
    private static Set<TaskKey> skipsThatWereMeant(TaskGraph graph, Collection<TaskInstance> tasks) {
        Set<TaskKey> meant = tasks.stream()
                .filter(task -> task.state() == TaskState.SKIPPED && hasRun(task))
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

    private static boolean hasRun(TaskInstance task) {
        String host = task.hostname();
        return task.pid() != null || (host != null && !host.isBlank());
    }

    private static boolean follows(Map<String, List<String>> followers, Set<TaskKey> meant, TaskKey key) {
        return meant.stream()
                .anyMatch(before ->
                        followers.getOrDefault(before.taskId(), List.of()).contains(key.taskId())
                                && (before.mapIndex() == key.mapIndex() || !before.isMapped() || !key.isMapped()));
    }
}
