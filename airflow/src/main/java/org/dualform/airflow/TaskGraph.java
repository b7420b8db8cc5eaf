package org.dualform.airflow;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dualform.airflow.api.model.TaskResponse;

/**
 * Which tasks follow which, and from that, which instances must run again when some have to.
 *
 * @param followers task id to the ids of the tasks directly after it
 */
public record TaskGraph(Map<String, List<String>> followers) {

    static TaskGraph of(List<TaskResponse> tasks) {
        Map<String, List<String>> followers = new LinkedHashMap<>();
        for (TaskResponse task : tasks) {
            List<String> next = task.getDownstreamTaskIds();
            followers.put(String.valueOf(task.getTaskId()), next == null ? List.of() : List.copyOf(next));
        }
        return new TaskGraph(followers);
    }

    /**
     * The instances to run again: {@code broken}, and what depends on them. Within a mapped group index i follows index
     * i, so the other cells stay as they are; outside it, an instance that succeeded without the broken one stays too,
     * but a task that is not mapped saw all of them and runs again.
     */
    public SortedSet<TaskKey> affected(Collection<TaskKey> broken, Collection<TaskInstance> all) {
        SortedSet<TaskKey> affected = new TreeSet<>(broken);
        Deque<TaskKey> open = new ArrayDeque<>(affected);
        while (!open.isEmpty()) {
            TaskKey upstream = open.remove();
            for (String next : followers.getOrDefault(upstream.taskId(), List.of())) {
                for (TaskInstance follower : all) {
                    if (follower.key().taskId().equals(next)
                            && depends(follower, upstream)
                            && affected.add(follower.key())) {
                        open.add(follower.key());
                    }
                }
            }
        }
        return affected;
    }

    private static boolean depends(TaskInstance follower, TaskKey upstream) {
        TaskKey key = follower.key();
        if (!key.isMapped()) {
            return true;
        }
        if (upstream.isMapped()
                && key.group().equals(upstream.group())
                && !key.group().isEmpty()) {
            return key.mapIndex() == upstream.mapIndex();
        }
        return follower.state() != TaskState.SUCCESS && follower.state() != TaskState.SKIPPED;
    }
}
