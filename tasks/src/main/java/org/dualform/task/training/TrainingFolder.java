package org.dualform.task.training;

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
import org.dualform.task.tracking.TrainingTracking;

/**
 * The folder in which a task trains a model. It lies beside the attempts, so that a stopped task goes on from its
 * checkpoint.
 */
public final class TrainingFolder {
    private final TaskContext context;
    private final Path folder;
    private final Recipe recipe;

    /** @param json the recipe, as the request has it */
    public TrainingFolder(TaskContext context, ObjectNode json) throws IOException {
        this.context = context;
        this.recipe = Recipe.of(json, "recipe");
        this.folder = context.scratch("pretrain-" + Sha256.hex(Json.canonical(json)));
        Files.writeString(folder.resolve("recipe.json"), Json.pretty(json), StandardCharsets.UTF_8);
    }

    public Recipe recipe() {
        return recipe;
    }

    public Path path() {
        return folder;
    }

    /** The training. While it runs, the task's run is told of it. */
    public Pretrainer trainer() {
        return new Pretrainer(recipe, folder, new Told(context));
    }

    /**
     * Copies what the training made to the task's folder, and deletes this one.
     *
     * @return the files, each an output of its own name
     */
    public Map<String, String> outputs() throws IOException {
        Map<String, String> outputs = new TreeMap<>();
        try (Stream<Path> made = Files.list(folder)) {
            for (Path from : made.toList()) {
                String name = String.valueOf(from.getFileName());
                if (name.equals(Pretrainer.TOKENS)) continue; // as large as the texts, and made of them
                Files.copy(from, context.folder().resolve(name));
                outputs.put(name, name);
            }
        }
        FileTree.delete(folder);
        return outputs;
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
