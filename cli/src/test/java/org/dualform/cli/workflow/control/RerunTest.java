package org.dualform.cli.workflow.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dualform.airflow.dag.TaskGraph;
import org.dualform.airflow.run.RunState;
import org.dualform.airflow.run.TaskInstance;
import org.dualform.airflow.run.TaskKey;
import org.dualform.airflow.run.TaskState;
import org.junit.jupiter.api.Test;

class RerunTest {
    private static final TaskGraph GRAPH = new TaskGraph(Map.of(
            "plan", List.of("cell.prompt"),
            "cell.prompt", List.of("cell.infer_icl", "cell.finetune"),
            "cell.finetune", List.of("cell.infer_ft"),
            "cell.infer_icl", List.of("cell.score"),
            "cell.infer_ft", List.of("cell.score"),
            "cell.score", List.of("summarise"),
            "summarise", List.of("finish"),
            "finish", List.of()));

    private final List<TaskInstance> tasks = new ArrayList<>();

    RerunTest() {
        ran("plan", -1, TaskState.SUCCESS);
        for (int cell = 0; cell < 2; cell++) {
            for (String step : List.of("prompt", "infer_icl", "finetune", "infer_ft", "score")) {
                ran("cell." + step, cell, TaskState.SUCCESS);
            }
        }
        ran("summarise", -1, TaskState.SUCCESS);
        ran("finish", -1, TaskState.SUCCESS);
    }

    @Test
    void whatSucceededIsLeftAlone() {
        assertThat(Rerun.of(RunState.SUCCESS, GRAPH, tasks)).isEmpty();
    }

    @Test
    void aMethodThatWasNotAskedForIsNoGap() {
        for (int cell = 0; cell < 2; cell++) {
            ran("cell.finetune", cell, TaskState.SKIPPED);
            never("cell.infer_ft", cell, TaskState.SKIPPED);
        }
        assertThat(Rerun.of(RunState.SUCCESS, GRAPH, tasks)).isEmpty();
    }

    @Test
    void ofACancelledRunWhatWasSkippedWithoutRunningRunsAgain() {
        ran("cell.finetune", 1, TaskState.FAILED);
        never("cell.infer_ft", 1, TaskState.SKIPPED);
        never("cell.score", 1, TaskState.SKIPPED);
        never("summarise", -1, TaskState.SKIPPED);
        assertThat(Rerun.of(RunState.FAILED, GRAPH, tasks))
                .containsExactly(
                        key("cell.finetune", 1),
                        key("cell.infer_ft", 1),
                        key("cell.score", 1),
                        key("finish", -1),
                        key("summarise", -1));
    }

    @Test
    void ofACancelledRunOfOneMethodTheOtherStaysSkipped() {
        ran("cell.finetune", 0, TaskState.SKIPPED);
        never("cell.infer_ft", 0, TaskState.SKIPPED);
        ran("cell.infer_icl", 0, TaskState.FAILED);
        never("cell.score", 0, TaskState.SKIPPED);
        never("summarise", -1, TaskState.SKIPPED);
        assertThat(Rerun.of(RunState.FAILED, GRAPH, tasks))
                .contains(key("cell.infer_icl", 0), key("cell.score", 0), key("summarise", -1))
                .doesNotContain(key("cell.finetune", 0), key("cell.infer_ft", 0), key("cell.score", 1));
    }

    @Test
    void whatWasLeftRunningWhenTheRunEndedRunsAgain() {
        ran("cell.infer_ft", 0, TaskState.RUNNING);
        assertThat(Rerun.of(RunState.FAILED, GRAPH, tasks)).contains(key("cell.infer_ft", 0), key("cell.score", 0));
        assertThat(Rerun.of(RunState.RUNNING, GRAPH, tasks))
                .as("while the run goes on, its scheduler sees to it")
                .isEmpty();
    }

    @Test
    void aRunThatIsFailedThoughAllSucceededIsDecidedAgainByItsLastTask() {
        assertThat(Rerun.of(RunState.FAILED, GRAPH, tasks)).containsExactly(key("finish", -1));
    }

    private void ran(String id, int index, TaskState state) {
        put(id, index, state, "worker", 4711);
    }

    private void never(String id, int index, TaskState state) {
        put(id, index, state, "", null);
    }

    private void put(
            String id, int index, TaskState state, String host, @org.jspecify.annotations.Nullable Integer pid) {
        tasks.removeIf(task -> task.key().equals(key(id, index)));
        tasks.add(new TaskInstance(key(id, index), null, state, 1, null, null, host, pid));
    }

    private static TaskKey key(String id, int index) {
        return new TaskKey(id, index);
    }
}
