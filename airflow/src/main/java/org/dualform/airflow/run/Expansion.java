package org.dualform.airflow.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Over how many items the mapped tasks of a run are mapped. Airflow lists a mapped task as one instance until the tasks
 * before it have finished, so the number of listed instances grows during a run. All tasks of a mapped group have the
 * same items; as soon as one of them is expanded, the number of the others is known too.
 *
 * <p>A task {@code X_items} hands on the items of the task {@code X}, or of the group {@code X}; the DAG factories name it
 * so. A DAG without such a task has nothing to wait for.
 */
final class Expansion {
    private static final String ITEMS = "_items";

    private final Set<String> mapped;
    private final Map<String, Integer> counts;

    private Expansion(Set<String> mapped, Map<String, Integer> counts) {
        this.mapped = mapped;
        this.counts = counts;
    }

    static Expansion of(Collection<TaskInstance> tasks) {
        Set<String> mapped = new HashSet<>();
        for (TaskInstance task : tasks) {
            String id = task.key().taskId();
            if (id.endsWith(ITEMS)) mapped.add(id.substring(0, id.length() - ITEMS.length()));
        }
        Map<String, Integer> counts = new HashMap<>();
        for (TaskInstance task : tasks) {
            if (task.key().isMapped()) counts.merge(scope(task), task.key().mapIndex() + 1, Math::max);
        }
        return new Expansion(mapped, counts);
    }

    /** True once the number of items of every mapped task is known. */
    boolean isComplete() {
        return counts.keySet().containsAll(mapped);
    }

    /** The number of instances that a listed one stands for: one, or all items of a task that is not expanded yet. */
    int instances(TaskInstance task) {
        return task.key().isMapped() || !mapped.contains(scope(task)) ? 1 : counts.getOrDefault(scope(task), 1);
    }

    private static String scope(TaskInstance task) {
        String group = task.key().group();
        return group.isEmpty() ? task.key().taskId() : group;
    }
}
