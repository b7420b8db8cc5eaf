package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.base.FileTree;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;

/**
 * Pretrains a small model from a recipe. The outputs are the files of its folder, each under its own name. The
 * training's checkpoint lies beside the attempts, so that a stopped task continues from there.
 */
final class PretrainKind implements TaskKind<PretrainKind.Parameters> {
    /** The parameters of {@code pretrain}: a recipe, as in {@code models/mini/recipe.json}. */
    record Parameters(ObjectNode recipe) {}

    @Override
    public String name() {
        return "pretrain";
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
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        ObjectNode json = parameters.recipe();
        Path kept = context.scratch("pretrain-" + Sha256.hex(Json.canonical(json)));
        Path file = kept.resolve("recipe.json");
        Files.writeString(file, Json.pretty(json), StandardCharsets.UTF_8);
        try (Pretrainer trainer = new Pretrainer(Recipe.read(file), kept, new TrainingListener() {})) {
            trainer.run(context.progress());
        }
        Map<String, String> outputs = new TreeMap<>();
        try (Stream<Path> made = Files.list(kept)) {
            for (Path from : made.toList()) {
                String name = String.valueOf(from.getFileName());
                Files.copy(from, context.folder().resolve(name));
                outputs.put(name, name);
            }
        }
        FileTree.delete(kept);
        return TaskOutcome.done(outputs);
    }
}
