package org.dualform.airflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.dualform.airflow.api.model.TaskInstanceResponse;
import org.junit.jupiter.api.Test;

class InstanceNamesTest {
    @Test
    void whatNeverStartedTakesTheNameOfItsCell() {
        List<TaskInstance> named = InstanceNames.complete(List.of(
                task("cell.prompt", 0, "topics, seed 1"),
                task("cell.prompt", 1, "topics, seed 2"),
                task("cell.finetune", 0, "0"),
                task("cell.finetune", 1, null),
                task("select", 0, "0"),
                task("plan", -1, null)));
        assertThat(named)
                .extracting(TaskInstance::label)
                .containsExactly(
                        "cell.prompt (topics, seed 1)",
                        "cell.prompt (topics, seed 2)",
                        "cell.finetune (topics, seed 1)",
                        "cell.finetune (topics, seed 2)",
                        "select[0]",
                        "plan");
    }

    @Test
    void otherGroupsNamesAreNotTaken() {
        List<TaskInstance> named =
                InstanceNames.complete(List.of(task("select", 0, "topics"), task("cell.finetune", 0, "0")));
        assertThat(named).extracting(TaskInstance::label).containsExactly("select (topics)", "cell.finetune[0]");
    }

    private static TaskInstance task(String id, int index, String rendered) {
        return TaskInstance.of(
                new TaskInstanceResponse().taskId(id).mapIndex(index).renderedMapIndex(rendered));
    }
}
