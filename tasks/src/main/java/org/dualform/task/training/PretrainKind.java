package org.dualform.task.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.TextTokens;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.source.Reach;
import org.dualform.task.tracking.TrainingTracking;

/**
 * Pretrains a small model from a recipe. The outputs are the files of its folder, each under its own name. The
 * training's checkpoint lies beside the attempts, so that a stopped task continues from there.
 */
public final class PretrainKind implements TaskKind<PretrainKind.Parameters> {
    /** The parameters of {@code pretrain}: a recipe, as in {@code models/mini/recipe.json}. */
    public record Parameters(ObjectNode recipe) {}

    private final Map<String, String> environment;

    /** @param environment the environment variables, which say what a recipe's texts may be */
    public PretrainKind(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return TrainingTracking.KIND;
    }

    @Override
    public int algorithmVersion() {
        return 2;
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new TrainingTracking(study, parameters.withObject("recipe"));
    }

    /** A recipe names a folder of texts, and the key covers what is in it. */
    @Override
    public Prepared prepare(TaskContext context, Parameters parameters) throws IOException {
        JsonNode content = NullNode.instance;
        Recipe recipe = Recipe.of(parameters.recipe(), "recipe");
        if (recipe.text() != null) {
            Reach reach = Reach.of(environment);
            for (Path named : List.of(recipe.text().folder(), recipe.text().tokenizer()))
                if (!reach.allows(named.toString())) throw reach.refusal("recipe.text", named.toString());
            content = TextNode.valueOf(TextTokens.hash(recipe.text()));
        }
        return new Prepared(content, own -> run(own, parameters));
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        TrainingFolder folder = new TrainingFolder(context, parameters.recipe());
        try (Pretrainer trainer = folder.trainer()) {
            trainer.run(context.progress());
        }
        return TaskOutcome.done(folder.outputs());
    }
}
