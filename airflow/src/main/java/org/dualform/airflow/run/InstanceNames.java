package org.dualform.airflow.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the names of mapped task instances that have not started. Airflow itself names an instance when it starts. */
public final class InstanceNames {
    private InstanceNames() {}

    /** The same instances. One without a name takes the name of another instance with its index in its group. */
    public static List<TaskInstance> complete(List<TaskInstance> tasks) {
        Map<Item, String> names = new HashMap<>();
        for (TaskInstance task : tasks) {
            String name = task.name();
            if (name != null && isGrouped(task.key())) names.putIfAbsent(Item.of(task.key()), name);
        }
        return tasks.stream().map(task -> complete(task, names)).toList();
    }

    private static TaskInstance complete(TaskInstance task, Map<Item, String> names) {
        String known = task.name() == null && isGrouped(task.key()) ? names.get(Item.of(task.key())) : null;
        return known == null ? task : task.named(known);
    }

    private static boolean isGrouped(TaskKey key) {
        return key.isMapped() && !key.group().isEmpty();
    }

    private record Item(String group, int index) {
        static Item of(TaskKey key) {
            return new Item(key.group(), key.mapIndex());
        }
    }
}
