package org.dualform.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.task.cell.FinetuneKind;
import org.dualform.task.cell.InferKind;
import org.dualform.task.cell.PromptKind;
import org.dualform.task.cell.ScoreKind;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.run.TaskKind;
import org.dualform.task.select.SelectKind;
import org.dualform.task.study.FinishKind;
import org.dualform.task.study.SummariseKind;

/** Every kind of task there is, by name. */
public final class Kinds {
    private static final List<String> PARALLEL = List.of("DUALFORM_PARALLEL_TASKS", "AIRFLOW__CORE__PARALLELISM");

    private Kinds() {}

    /**
     * @param environment where roots of models and data sets are named
     * @param parallelTasks how many tasks run beside each other on one machine
     */
    public static Map<String, TaskKind<?>> all(Map<String, String> environment, int parallelTasks) {
        Map<String, TaskKind<?>> kinds = new TreeMap<>();
        for (TaskKind<?> kind : List.<TaskKind<?>>of(
                new PlanKind(environment, parallelTasks),
                new SelectKind(),
                new PromptKind(),
                new InferKind(),
                new FinetuneKind(),
                new ScoreKind(),
                new SummariseKind(),
                new FinishKind(),
                new PretrainKind())) {
            kinds.put(kind.name(), kind);
        }
        return kinds;
    }

    /** How many tasks the environment says run beside each other: Dualform's own variable, else Airflow's; else one. */
    static int parallelTasks(Map<String, String> environment) {
        for (String variable : PARALLEL) {
            String value = environment.getOrDefault(variable, "");
            if (value.matches("[1-9]\\d{0,5}")) return Integer.parseInt(value);
        }
        return 1;
    }
}
