package org.dualform.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every kind of task there is, by name. */
public final class Kinds {
    private Kinds() {}

    public static Map<String, TaskKind> all() {
        Map<String, TaskKind> kinds = new TreeMap<>();
        for (TaskKind kind : List.<TaskKind>of()) kinds.put(kind.name(), kind);
        return kinds;
    }
}
