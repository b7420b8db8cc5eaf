package org.dualform.dev.bench.grouping;

import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.Json;

/**
 * The DAGs that are measured: one for each grouping, with a workspace of its own so that none finds another's results, and
 * one of tasks that do nothing.
 */
public final class MeasuredDags {
    /** The groupings of the DAG factories, the default first. */
    public static final List<String> GROUPINGS = List.of("cell", "study", "task");

    /** The DAG of empty tasks: a task before, as many mapped ones as there are cells, and a task after. */
    static final String EMPTY = "empty";

    private MeasuredDags() {}

    static String dag(String grouping) {
        return "sweep_" + grouping;
    }

    static Path workspace(Path state, String grouping) {
        return state.resolve("workspaces").resolve(grouping);
    }

    static String source(Path state, SweepSize size) {
        StringBuilder source = new StringBuilder("""
            from airflow.sdk import DAG, BaseOperator
            from dualform_airflow.dags import icl_shot_sweep


            class Empty(BaseOperator):
                def __init__(self, *, number=0, **kwargs):
                    super().__init__(**kwargs)
                    self.number = number

                def execute(self, context):
                    return [0] * %d if self.task_id == "before" else None


            with DAG("%s", schedule=None, catchup=False, is_paused_upon_creation=False):
                before = Empty(task_id="before")
                Empty.partial(task_id="each").expand(number=before.output) >> Empty(task_id="after")
            """.formatted(size.cells(), EMPTY));
        for (String grouping : GROUPINGS)
            source.append("\nicl_shot_sweep(\"%s\", grouping=\"%s\", workspace=%s)"
                    .formatted(
                            dag(grouping),
                            grouping,
                            Json.write(Json.mapper()
                                    .getNodeFactory()
                                    .textNode(workspace(state, grouping).toString()))));
        return source.append('\n').toString();
    }
}
