package org.dualform.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.task.cell.FinetuneKind;
import org.dualform.task.cell.InferKind;
import org.dualform.task.cell.PromptKind;
import org.dualform.task.cell.ScoreKind;
import org.dualform.task.momentum.MomentumCompareKind;
import org.dualform.task.momentum.MomentumModelKind;
import org.dualform.task.momentum.MomentumPlanKind;
import org.dualform.task.plan.PlanKind;
import org.dualform.task.run.TaskKind;
import org.dualform.task.select.SelectKind;
import org.dualform.task.study.FinishKind;
import org.dualform.task.study.SummariseKind;
import org.dualform.task.theory.DualFormKind;
import org.dualform.task.training.PretrainKind;

/** Every kind of task, by name. */
public final class Kinds {
    private static final List<String> PARALLEL = List.of("DUALFORM_PARALLEL_TASKS", "AIRFLOW__CORE__PARALLELISM");

    private Kinds() {}

    /**
     * @param environment the environment variables, which name the roots of models and data sets
     * @param parallelTasks the number of tasks that run at the same time on one machine
     */
    public static Map<String, TaskKind<?>> all(Map<String, String> environment, int parallelTasks) {
        Map<String, TaskKind<?>> kinds = new TreeMap<>();
        PlanKind plan = new PlanKind(environment, parallelTasks);
        for (TaskKind<?> kind : List.<TaskKind<?>>of(
                plan,
                new SelectKind(),
                new PromptKind(),
                new InferKind(),
                new FinetuneKind(),
                new ScoreKind(),
                new SummariseKind(),
                new FinishKind(),
                new PretrainKind(environment),
                new DualFormKind(plan),
                new MomentumPlanKind(),
                new MomentumModelKind(),
                new MomentumCompareKind())) {
            kinds.put(kind.name(), kind);
        }
        return kinds;
    }

    /**
     * The number of tasks that run at the same time, from Dualform's own environment variable or else from Airflow's.
     * The default is one.
     */
    static int parallelTasks(Map<String, String> environment) {
        for (String variable : PARALLEL) {
            String value = environment.getOrDefault(variable, "");
            if (value.matches("[1-9]\\d{0,5}")) return Integer.parseInt(value);
        }
        return 1;
    }
}
