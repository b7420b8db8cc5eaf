package org.dualform.momentum;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.model.LanguageModel;
import org.dualform.model.NoGrad;
import org.dualform.pretrain.HeldOutLoss;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.ShotEvaluation;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.tokens.GeneratedTokens;
import org.dualform.pretrain.tokens.TextTokens;
import org.dualform.pretrain.tokens.TokenSource;

/**
 * A model of a study after its training, and what is measured of it. Every model is measured on the same documents and
 * the same tasks.
 *
 * @param arm the arm that it belongs to
 * @param contexts the lengths at which perplexity is measured
 */
public record TrainedModel(String arm, Recipe recipe, List<Integer> contexts) {
    /** Models this small gain little from a second thread, and on one thread equal recipes give equal bits. */
    public static final int THREADS = 1;

    /** Tasks of each kind; the same ones for every model. */
    private static final int TASKS = 50;

    private static final long TASK_SEED = 4242;
    /** Documents for the perplexity of each length. */
    private static final int DOCUMENTS = 64;

    public TrainedModel {
        contexts = List.copyOf(contexts);
    }

    /** Measures the model in {@code folder}, which its training has written. */
    public Measurement measure(Path folder) throws IOException {
        try (LanguageModel model = LanguageModel.open(folder);
                NoGrad off = new NoGrad()) {
            Map<String, Map<Integer, Double>> byTask = byTask(model);
            return new Measurement(arm, recipe.seed(), perplexity(folder, model), Measurement.mean(byTask), byTask, "");
        }
    }

    private Map<Integer, Double> perplexity(Path folder, LanguageModel model) throws IOException {
        TokenSource tokens = tokens(folder);
        Map<Integer, Double> perplexity = new TreeMap<>();
        try (NDManager call = model.manager().newSubManager()) {
            for (int length : contexts) {
                double loss = new HeldOutLoss(tokens, DOCUMENTS).of(call, model.decoder(), length);
                perplexity.put(length, Math.exp(loss));
            }
        }
        return perplexity;
    }

    private TokenSource tokens(Path folder) throws IOException {
        if (recipe.text() != null) {
            return TextTokens.open(
                    recipe.text(), folder.resolve(Pretrainer.TOKENS), recipe.seed(), Collections.max(contexts));
        }
        Lexicon lexicon = Lexicon.builtIn();
        return new GeneratedTokens(
                lexicon, new Vocabulary(lexicon), Objects.requireNonNull(recipe.corpus()), recipe.seed());
    }

    private Map<String, Map<Integer, Double>> byTask(LanguageModel model) {
        if (recipe.text() != null) return Map.of();
        Lexicon lexicon = Lexicon.builtIn();
        Recipe.Evaluation settings = new Recipe.Evaluation(1, TASKS, TASK_SEED);
        return new ShotEvaluation(lexicon, new Vocabulary(lexicon), settings).run(model.manager(), model.decoder());
    }
}
