package org.dualform.momentum;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.pretrain.HeldOutLoss;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.ShotEvaluation;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.GeneratedTokens;
import org.dualform.pretrain.tokens.TextTokens;
import org.dualform.pretrain.tokens.TokenSource;

/**
 * Trains the models of a study, one after another, and measures each. What is finished is kept in the folder, so that a
 * study that was stopped goes on.
 */
public final class StudyRunner {
    private static final String MEASURED = "measured.json";
    /** Tasks of each kind; the same ones for every model. */
    private static final int TASKS = 50;

    private static final long TASK_SEED = 4242;
    /** Documents for the perplexity of each length. */
    private static final int DOCUMENTS = 64;

    private final MomentumStudy study;
    private final Path out;
    private final TrainingListener listener;

    /** @param out the folder for models, curves and measurements */
    public StudyRunner(MomentumStudy study, Path out, TrainingListener listener) {
        this.study = study;
        this.out = out;
        this.listener = listener;
    }

    /** The measurements of all trainings. {@code progress} is told the trainings that are done. */
    public List<Measurement> run(Progress progress) throws IOException {
        List<Measurement> measured = new ArrayList<>();
        List<MomentumStudy.Training> trainings = study.trainings();
        for (MomentumStudy.Training training : trainings) {
            progress.at("trainings", measured.size(), trainings.size());
            measured.add(one(training, progress));
        }
        return measured;
    }

    private Measurement one(MomentumStudy.Training training, Progress progress) throws IOException {
        Path folder = out.resolve(training.name());
        Path kept = folder.resolve(MEASURED);
        if (Files.exists(kept)) {
            JsonNode before = Json.mapper().readTree(kept.toFile());
            if (before.path("recipe").asLong() == training.recipe().fingerprint()) {
                return Measurement.of(before.path("measured"));
            }
        }
        Measurement measured = trained(training, folder, progress);
        Path part = folder.resolve(MEASURED + ".part");
        JsonNode json = Json.mapper()
                .createObjectNode()
                .put("recipe", training.recipe().fingerprint())
                .set("measured", measured.toJson());
        Files.writeString(part, Json.pretty(json));
        Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return measured;
    }

    private Measurement trained(MomentumStudy.Training training, Path folder, Progress progress) throws IOException {
        String arm = training.arm().name();
        try (Pretrainer trainer = new Pretrainer(training.recipe(), folder, listener)) {
            try {
                trainer.run((what, done, total) -> progress.at(training.name() + ", steps", done, total));
            } catch (UserException e) {
                if (!trainer.hasDiverged()) throw e;
                return Measurement.diverged(arm, training.seed(), String.valueOf(e.getMessage()));
            }
        }
        try (LanguageModel model = LanguageModel.open(folder);
                NoGrad off = new NoGrad()) {
            Map<String, Map<Integer, Double>> byTask = byTask(training.recipe(), model);
            return new Measurement(
                    arm,
                    training.seed(),
                    perplexity(training.recipe(), folder, model),
                    Measurement.mean(byTask),
                    byTask,
                    "");
        }
    }

    private Map<Integer, Double> perplexity(Recipe recipe, Path folder, LanguageModel model) throws IOException {
        TokenSource tokens = tokens(recipe, folder);
        Map<Integer, Double> perplexity = new TreeMap<>();
        try (NDManager call = model.manager().newSubManager()) {
            for (int length : study.size().contexts()) {
                double loss = new HeldOutLoss(tokens, DOCUMENTS).of(call, model.decoder(), length);
                perplexity.put(length, Math.exp(loss));
            }
        }
        return perplexity;
    }

    private TokenSource tokens(Recipe recipe, Path folder) throws IOException {
        if (recipe.text() != null) {
            return TextTokens.open(
                    recipe.text(),
                    folder.resolve(Pretrainer.TOKENS),
                    recipe.seed(),
                    study.size().contexts().get(2));
        }
        Lexicon lexicon = Lexicon.builtIn();
        return new GeneratedTokens(
                lexicon, new Vocabulary(lexicon), Objects.requireNonNull(recipe.corpus()), recipe.seed());
    }

    private static Map<String, Map<Integer, Double>> byTask(Recipe recipe, LanguageModel model) {
        if (recipe.text() != null) return Map.of();
        Lexicon lexicon = Lexicon.builtIn();
        Recipe.Evaluation settings = new Recipe.Evaluation(1, TASKS, TASK_SEED);
        return new ShotEvaluation(lexicon, new Vocabulary(lexicon), settings).run(model.manager(), model.decoder());
    }

    /** Writes the recipe of every training as a file for {@code dualform pretrain}, and trains nothing. */
    public List<Path> writeRecipes() throws IOException {
        List<Path> written = new ArrayList<>();
        Files.createDirectories(out);
        for (MomentumStudy.Training training : study.trainings()) {
            Path file = out.resolve(training.name() + ".json");
            Files.writeString(file, Json.pretty(Json.mapper().valueToTree(training.recipe())));
            written.add(file);
        }
        return written;
    }

    /**
     * Refuses a study that this program cannot finish.
     *
     * @throws UserException if this study cannot be run by this program on a machine of today
     */
    public void requireFeasible() {
        if (study.size().needsTexts()) {
            throw UserException.usage("size " + study.size().id() + " needs a GPU machine for weeks, and pretraining"
                    + " computes on the CPU. Its recipes can be written with --recipes-only.");
        }
    }
}
