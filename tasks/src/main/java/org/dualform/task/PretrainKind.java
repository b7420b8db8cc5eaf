package org.dualform.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.base.FileTree;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;
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
final class PretrainKind implements TaskKind<PretrainKind.Parameters> {
    /** The parameters of {@code pretrain}: a recipe, as in {@code models/mini/recipe.json}. */
    record Parameters(ObjectNode recipe) {}

    private final Map<String, String> environment;

    /** @param environment the environment variables, which say what a recipe's texts may be */
    PretrainKind(Map<String, String> environment) {
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
        ObjectNode json = parameters.recipe();
        Path kept = context.scratch("pretrain-" + Sha256.hex(Json.canonical(json)));
        Files.writeString(kept.resolve("recipe.json"), Json.pretty(json), StandardCharsets.UTF_8);
        Recipe recipe = Recipe.of(json, "recipe");
        try (Pretrainer trainer = new Pretrainer(recipe, kept, new Told(context))) {
            trainer.run(context.progress());
        }
        Map<String, String> outputs = new TreeMap<>();
        try (Stream<Path> made = Files.list(kept)) {
            for (Path from : made.toList()) {
                String name = String.valueOf(from.getFileName());
                if (name.equals(Pretrainer.TOKENS)) continue; // as large as the texts, and made of them
                Files.copy(from, context.folder().resolve(name));
                outputs.put(name, name);
            }
        }
        FileTree.delete(kept);
        return TaskOutcome.done(outputs);
    }

    /** Tells the task's run how the training goes. */
    private record Told(TaskContext context) implements TrainingListener {
        @Override
        public void progress(Progress progress) {
            context.measured(
                    progress.step(),
                    Map.of(),
                    Map.of(
                            "tokens_per_second", progress.tokensPerSecond(),
                            "matrix_peak_share", progress.peakShare()));
        }

        @Override
        public void point(ObjectNode point) {
            context.measured(point.path("step").asInt(), TrainingTracking.values(point), Map.of());
        }
    }
}
