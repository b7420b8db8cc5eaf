package org.dualform.cli.workflow.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.junit.jupiter.api.Test;

class RunCellsTest {
    @Test
    void aCellIsDoneWhenAllItsTasksAreAndFailedWhenOneIs() {
        assertThat(RunCells.of(List.of(
                        task("plan", -1, TaskState.SUCCESS),
                        task("select", 0, TaskState.FAILED),
                        task("cell.prompt", 0, TaskState.SUCCESS),
                        task("cell.infer_ft", 0, TaskState.SKIPPED),
                        task("cell.prompt", 1, TaskState.SUCCESS),
                        task("cell.infer_ft", 1, TaskState.RUNNING),
                        task("cell.prompt", 2, TaskState.FAILED),
                        task("cell.infer_ft", 2, TaskState.UPSTREAM_FAILED))))
                .isEqualTo(new RunCells(3, 1, 1));
    }

    @Test
    void aCellMayBeASingleTask() {
        assertThat(RunCells.of(List.of(task("cell", 0, TaskState.SUCCESS), task("cell", 1, TaskState.FAILED))))
                .isEqualTo(new RunCells(2, 1, 1));
    }

    @Test
    void theTextNamesFailuresOnlyWhereThereAreAny() {
        assertThat(new RunCells(0, 0, 0).text()).isEqualTo("-");
        assertThat(new RunCells(4, 3, 0).text()).isEqualTo("3/4");
        assertThat(new RunCells(4, 3, 1).text()).isEqualTo("3/4, 1 failed");
    }

    private static TaskInstance task(String id, int index, TaskState state) {
        return new TaskInstance(new TaskKey(id, index), null, state, 1, null, null, null, null);
    }
}
