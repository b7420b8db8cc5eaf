package org.dualform.airflow.run;

/**
 * Identifies a task instance within a run.
 *
 * @param mapIndex the index among the mapped instances; −1 if the task is not mapped, or not expanded yet
 */
public record TaskKey(String taskId, int mapIndex) implements Comparable<TaskKey> {

    public boolean isMapped() {
        return mapIndex >= 0;
    }

    /** The name of the task group: the part of the task id before its last dot; empty if there is no group. */
    public String group() {
        int dot = taskId.lastIndexOf('.');
        return dot < 0 ? "" : taskId.substring(0, dot);
    }

    @Override
    public int compareTo(TaskKey other) {
        int byTask = taskId.compareTo(other.taskId);
        return byTask != 0 ? byTask : Integer.compare(mapIndex, other.mapIndex);
    }

    @Override
    public String toString() {
        return isMapped() ? taskId + "[" + mapIndex + "]" : taskId;
    }
}
