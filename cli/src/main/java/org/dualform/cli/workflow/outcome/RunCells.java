package org.dualform.cli.workflow.outcome;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.dualform.airflow.run.TaskInstance;

/**
 * How many cells of a run are done. A cell is an item over which Airflow maps the task, or the group of tasks, named
 * {@code cell}.
 *
 * @param done cells of which every task has ended without a failure
 * @param failed cells with a task that failed, or that could not run because of one
 */
public record RunCells(int total, int done, int failed) {
    private static final String CELL = "cell";

    public static RunCells of(Collection<TaskInstance> tasks) {
        Map<Integer, Boolean> ended = new HashMap<>();
        Set<Integer> failed = new HashSet<>();
        for (TaskInstance task : tasks) {
            if (!task.key().isMapped() || !isOfCell(task)) continue;
            int cell = task.key().mapIndex();
            ended.merge(cell, task.state().isFinished(), Boolean::logicalAnd);
            if (task.state().isFailure()) failed.add(cell);
        }
        int done = (int) ended.entrySet().stream()
                .filter(cell -> cell.getValue() && !failed.contains(cell.getKey()))
                .count();
        return new RunCells(ended.size(), done, failed.size());
    }

    private static boolean isOfCell(TaskInstance task) {
        return task.key().taskId().equals(CELL) || task.key().group().equals(CELL);
    }

    /** For a table; a run that is not mapped over cells has none to count. */
    public String text() {
        if (total == 0) return "-";
        return done + "/" + total + (failed == 0 ? "" : ", " + failed + " failed");
    }
}
