package org.dualform.airflow;

/**
 * Names a task instance within a run.
 *
 * @param mapIndex −1 for a task that is not mapped, or whose mapping is not expanded yet
 */
public record TaskKey(String taskId, int mapIndex) implements Comparable<TaskKey> {

    public boolean isMapped() {
        return mapIndex >= 0;
    }

    /** The task group: the part of the task id before its last dot; empty outside any. */
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
