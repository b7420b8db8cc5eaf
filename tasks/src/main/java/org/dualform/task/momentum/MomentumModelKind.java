package org.dualform.task.momentum;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.model.ComputeThreads;
import org.dualform.momentum.Measurement;
import org.dualform.momentum.TrainedModel;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.MomentumTracking;
import org.dualform.task.tracking.TrainingTracking;
import org.dualform.task.training.TrainingFolder;

/**
 * Trains one model of a study and measures it. It does what {@code dualform momentum} does for a model, on as many
 * threads, so that both give the same digits. A training that diverges is a result.
 */
public final class MomentumModelKind implements TaskKind<MomentumModelKind.Parameters> {
    /**
     * The parameters of {@code momentum_model}.
     *
     * @param recipe of the training
     * @param arm the name of the model in the study
     * @param contexts the lengths at which perplexity is measured
     */
    public record Parameters(ObjectNode recipe, String arm, List<Integer> contexts) {}

    @Override
    public String name() {
        return "momentum_model";
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
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        Map<String, String> arm = Map.of("arm", parameters.path("arm").asText());
        return new TrainingTracking(study, parameters.withObject("recipe"), arm);
    }

    @Override
    public TaskOutcome run(TaskContext context, Parameters parameters) throws IOException {
        Recipe recipe = Recipe.of(parameters.recipe(), "recipe");
        if (recipe.text() != null) {
            throw UserException.usage("recipe: text cannot be trained on here; give corpus, the generated one.");
        }
        contextsFit(parameters.contexts(), recipe);
        ComputeThreads.set(TrainedModel.THREADS);
        TrainingFolder folder = new TrainingFolder(context, parameters.recipe());
        Measurement measured = measured(context, folder, parameters);
        Map<String, String> outputs = new TreeMap<>(folder.outputs());
        Files.writeString(
                context.folder().resolve(MomentumTracking.MEASURED_FILE),
                Json.pretty(Json.mapper().valueToTree(measured)),
                StandardCharsets.UTF_8);
        outputs.put(MomentumTracking.MEASURED, MomentumTracking.MEASURED_FILE);
        return outcome(measured, outputs);
    }

    private static void contextsFit(List<Integer> contexts, Recipe recipe) {
        int most = recipe.model().maxPositions();
        if (contexts.isEmpty() || contexts.stream().anyMatch(length -> length < 2 || length > most)) {
            throw UserException.usage(
                    "contexts: has to be lengths from 2 to model.max_positions " + most + ", not " + contexts + ".");
        }
    }

    private static Measurement measured(TaskContext context, TrainingFolder folder, Parameters parameters)
            throws IOException {
        try (Pretrainer trainer = folder.trainer()) {
            try {
                trainer.run(context.progress());
            } catch (UserException e) {
                if (!trainer.hasDiverged()) throw e;
                return Measurement.diverged(parameters.arm(), folder.recipe().seed(), String.valueOf(e.getMessage()));
            }
        }
        return new TrainedModel(parameters.arm(), folder.recipe(), parameters.contexts()).measure(folder.path());
    }

    private static TaskOutcome outcome(Measurement measured, Map<String, String> outputs) {
        TaskOutcome done = TaskOutcome.done(outputs);
        String who = measured.arm() + ", seed " + measured.seed();
        if (!measured.diverged().isEmpty()) {
            return done.with(Result.Status.DIVERGED).with(who + ": " + measured.diverged());
        }
        int longest = Collections.max(measured.perplexity().keySet());
        int most = Collections.max(measured.accuracy().keySet());
        return done.withMetric(MomentumTracking.PERPLEXITY, measured.perplexityAt(longest))
                .withMetric(MomentumTracking.ACCURACY, measured.accuracyAt(most))
                .with(String.format(
                        Locale.ROOT,
                        "%s: perplexity %.2f at %d tokens, accuracy %.1f %% at %d shots.",
                        who,
                        measured.perplexityAt(longest),
                        longest,
                        100 * measured.accuracyAt(most),
                        most));
    }
}
