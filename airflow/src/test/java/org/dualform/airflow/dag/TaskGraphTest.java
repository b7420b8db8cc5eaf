package org.dualform.airflow.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.junit.jupiter.api.Test;

class TaskGraphTest {
    /** The chain of a sweep over three cells. */
    private final TaskGraph graph = new TaskGraph(Map.of(
            "plan", List.of("select", "cells.prompt"),
            "select", List.of("cells.finetune"),
            "cells.prompt", List.of("cells.infer_icl", "cells.finetune"),
            "cells.finetune", List.of("cells.infer_ft"),
            "cells.infer_icl", List.of("cells.score"),
            "cells.infer_ft", List.of("cells.score"),
            "cells.score", List.of("summarise"),
            "summarise", List.of("finish"),
            "finish", List.of()));

    private final List<TaskInstance> all = new ArrayList<>();

    TaskGraphTest() {
        all.add(task("plan", -1, TaskState.SUCCESS));
        all.add(task("select", 0, TaskState.SUCCESS));
        for (String name : List.of("prompt", "infer_icl", "finetune", "infer_ft", "score")) {
            for (int cell = 0; cell < 3; cell++) {
                all.add(task("cells." + name, cell, TaskState.SUCCESS));
            }
        }
        all.add(task("summarise", -1, TaskState.SUCCESS));
        all.add(task("finish", -1, TaskState.FAILED));
    }

    @Test
    void otherCellsStay() {
        assertThat(graph.affected(List.of(key("cells.finetune", 1)), all))
                .containsExactly(
                        key("cells.finetune", 1),
                        key("cells.infer_ft", 1),
                        key("cells.score", 1),
                        key("finish", -1),
                        key("summarise", -1));
    }

    @Test
    void whatSucceededWithoutTheBrokenOneStays() {
        set("select", 0, TaskState.FAILED);
        set("cells.finetune", 2, TaskState.UPSTREAM_FAILED);
        assertThat(graph.affected(List.of(key("select", 0)), all))
                .contains(key("cells.finetune", 2), key("cells.score", 2), key("summarise", -1))
                .doesNotContain(key("cells.finetune", 0), key("cells.finetune", 1), key("cells.prompt", 2));
    }

    /** Who clears a task wants everything after it anew, also what has succeeded. */
    @Test
    void everythingFollowsAChosenTaskAndInTheOtherCellsNothing() {
        assertThat(graph.following(List.of(key("cells.finetune", 1)), all))
                .isEqualTo(graph.affected(List.of(key("cells.finetune", 1)), all));
        assertThat(graph.following(List.of(key("plan", -1)), all)).hasSize(all.size());
        assertThat(graph.following(List.of(key("select", 0)), all))
                .contains(key("cells.finetune", 0), key("cells.finetune", 2), key("cells.score", 1), key("finish", -1))
                .doesNotContain(key("cells.prompt", 0), key("cells.infer_icl", 0));
    }

    @Test
    void nothingBrokenNothingAffected() {
        assertThat(graph.affected(List.of(), all)).isEmpty();
    }

    private void set(String id, int index, TaskState state) {
        all.removeIf(task -> task.key().equals(key(id, index)));
        all.add(task(id, index, state));
    }

    private static TaskKey key(String id, int index) {
        return new TaskKey(id, index);
    }

    private static TaskInstance task(String id, int index, TaskState state) {
        return new TaskInstance(key(id, index), null, state, 1, null, null, null, null);
    }
}
