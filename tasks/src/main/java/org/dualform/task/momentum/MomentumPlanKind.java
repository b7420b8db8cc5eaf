package org.dualform.task.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.dualform.base.Counted;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.momentum.MomentumStudy;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;

/** Checks a study and expands it into one item for each training. */
public final class MomentumPlanKind implements TaskKind<MomentumPlanKind.Parameters> {
    /** The list of items. */
    static final String TRAININGS = "trainings";

    /**
     * The parameters of {@code momentum_plan}.
     *
     * @param study a form's values, as {@code contract/schema/momentum.schema.json} has them
     */
    public record Parameters(JsonNode study) {}

    @Override
    public String name() {
        return "momentum_plan";
    }

    @Override
    public int algorithmVersion() {
        return 1;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) {
        MomentumStudy study = StudyForm.read(parameters.study());
        List<Result.Item> items = study.trainings().stream()
                .map(training -> item(study, training))
                .toList();
        long tokens = items.stream()
                .mapToLong(item -> item.cost() == null ? 0 : item.cost())
                .sum();
        int steps = study.trainings().get(0).recipe().steps();
        String message = String.format(
                java.util.Locale.ROOT,
                "%s × %s are %s of %s, %,d tokens in all.",
                Counted.of(study.arms().size(), "model"),
                Counted.of(study.seeds().size(), "seed"),
                Counted.of(items.size(), "training"),
                Counted.of(steps, "step"),
                tokens);
        return TaskOutcome.done(Map.of()).withExpand(Map.of(TRAININGS, items)).with(message);
    }

    private static Result.Item item(MomentumStudy study, MomentumStudy.Training training) {
        ObjectNode parameters = Json.mapper().createObjectNode();
        parameters.set("recipe", Json.mapper().valueToTree(training.recipe()));
        parameters.put("arm", training.arm().name());
        parameters.set("contexts", Json.mapper().valueToTree(study.size().contexts()));
        return new Result.Item(
                training.name(),
                training.arm().name() + " · seed " + training.seed(),
                parameters,
                null,
                training.recipe().tokensBefore(training.recipe().steps()));
    }
}
