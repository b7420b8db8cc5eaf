package org.dualform.airflow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names for instances of a mapped group that never started: Airflow names each when it starts, one by one. */
final class InstanceNames {
    private InstanceNames() {}

    /** The same instances; one without a name takes that of another at its index in its group. */
    static List<TaskInstance> complete(List<TaskInstance> tasks) {
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
