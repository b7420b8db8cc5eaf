package org.dualform.airflow.dag;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.dualform.airflow.api.model.TaskResponse;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;

/**
 * The graph of a DAG's tasks. It tells which task instances must run again when some have to.
 *
 * @param followers for each task's id the ids of the tasks directly after it
 */
public record TaskGraph(Map<String, List<String>> followers) {

    public static TaskGraph of(List<TaskResponse> tasks) {
        Map<String, List<String>> followers = new LinkedHashMap<>();
        for (TaskResponse task : tasks) {
            List<String> next = task.getDownstreamTaskIds();
            followers.put(String.valueOf(task.getTaskId()), next == null ? List.of() : List.copyOf(next));
        }
        return new TaskGraph(followers);
    }

    /**
     * The instances that must run again: the broken ones and those that depend on them.
     *
     * <p>Within a mapped group, the instance of index i depends on the instances of index i alone, so that other cells stay
     * as they are. A task that is not mapped depends on all instances before it. A mapped instance outside the group depends
     * on the broken one unless it has succeeded, or was skipped, without it.
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

    /** The chosen instances and everything computed from them, whether it has succeeded or not. */
    public SortedSet<TaskKey> following(Collection<TaskKey> chosen, Collection<TaskInstance> all) {
        SortedSet<TaskKey> following = new TreeSet<>(chosen);
        Deque<TaskKey> open = new ArrayDeque<>(following);
        while (!open.isEmpty()) {
            TaskKey upstream = open.remove();
            for (String next : followers.getOrDefault(upstream.taskId(), List.of())) {
                for (TaskInstance follower : all) {
                    TaskKey key = follower.key();
                    if (key.taskId().equals(next) && (!inOneGroup(key, upstream) || sameIndex(key, upstream)))
                        if (following.add(key)) open.add(key);
                }
            }
        }
        return following;
    }

    private static boolean sameIndex(TaskKey key, TaskKey other) {
        return key.mapIndex() == other.mapIndex();
    }

    private static boolean inOneGroup(TaskKey key, TaskKey other) {
        return key.isMapped()
                && other.isMapped()
                && !key.group().isEmpty()
                && key.group().equals(other.group());
    }

    private static boolean depends(TaskInstance follower, TaskKey upstream) {
        TaskKey key = follower.key();
        if (!key.isMapped()) {
            return true;
        }
        if (inOneGroup(key, upstream)) return sameIndex(key, upstream);
        return follower.state() != TaskState.SUCCESS && follower.state() != TaskState.SKIPPED;
    }
}
