package org.dualform.pretrain;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.dualform.contract.CancelledException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.contract.UserException;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.model.NoGrad;
import org.dualform.optimise.AdamW;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.recipe.Schedule;
import org.dualform.pretrain.tokens.GeneratedTokens;
import org.dualform.pretrain.tokens.TextTokens;
import org.dualform.pretrain.tokens.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Pretrains a decoder on the generated corpus, or on a folder of texts. A recipe goes in; a folder in Hugging Face layout comes out.
 *
 * <p>The number of steps and all seeds are part of the recipe, so that on one thread of one kind of CPU equal recipes
 * give equal bits. A training that was stopped continues from its last checkpoint.
 */
public final class Pretrainer implements AutoCloseable {
    private static final int LOSS_EVERY = 25;
    /** A loss of so many times that of guessing is no training any more. */
    private static final double HOPELESS = 4;
    /** The packed tokens of a training on texts. */
    public static final String TOKENS = "tokens.safetensors";

    private final Recipe recipe;
    private final Path out;
    private final TrainingListener listener;
    private final TokenSource tokens;
    private final Schedule schedule;
    private final TrainableModel model;
    private final PretrainingStep step;
    private final AdamW optimizer;
    private final @Nullable ShotEvaluation evaluation;
    private final TrainingCheckpoint checkpoint;
    private final LearningCurve curve;
    private boolean diverged;

    /** @param out the model's folder; the checkpoint and the learning curve are written there too */
    public Pretrainer(Recipe recipe, Path out, TrainingListener listener) {
        this.recipe = recipe;
        this.out = out;
        this.listener = listener;
        Lexicon lexicon = Lexicon.builtIn();
        Vocabulary vocabulary = new Vocabulary(lexicon);
        this.tokens = tokens(recipe, out, lexicon, vocabulary);
        this.schedule = new Schedule(recipe);
        this.model = new TrainableModel(recipe, tokens);
        this.step = new PretrainingStep(model);
        this.optimizer = new AdamW(
                model.manager(), model.parameters(), recipe.optimizer().adamW());
        this.evaluation =
                recipe.evaluation() == null ? null : new ShotEvaluation(lexicon, vocabulary, recipe.evaluation());
        this.checkpoint = new TrainingCheckpoint(out.resolve("checkpoint.safetensors"), recipe);
        this.curve = new LearningCurve(out.resolve("learning_curve.jsonl"), listener);
    }

    private static TokenSource tokens(Recipe recipe, Path out, Lexicon lexicon, Vocabulary vocabulary) {
        if (recipe.text() == null) {
            return new GeneratedTokens(lexicon, vocabulary, Objects.requireNonNull(recipe.corpus()), recipe.seed());
        }
        int longest =
                recipe.phases().stream().mapToInt(Recipe.Phase::length).max().orElseThrow();
        try {
            Files.createDirectories(out);
            return TextTokens.open(recipe.text(), out.resolve(TOKENS), recipe.seed(), longest);
        } catch (IOException e) {
            throw new PermanentException("the texts cannot be packed into " + out + ": " + e, e);
        }
    }

    /**
     * Trains to the end and writes the model. If {@code progress} stops the training, the steps done are kept.
     *
     * @throws org.dualform.contract.CancelledException if {@code progress} throws it
     * @throws UserException if the training diverges; its last checkpoint is kept
     */
    public void run(Progress progress) {
        try (NoGrad off = new NoGrad()) {
            Files.createDirectories(out);
            TrainingCheckpoint.Done done = checkpoint.read(model.manager(), optimizer.state());
            curve.rewind(done.steps());
            if (done.steps() > 0) {
                listener.resumed(done.steps());
            }
            train(done.steps(), done.mean(), progress);
            new ModelFiles(recipe.model(), tokens).write(out, model.weights());
            checkpoint.delete();
        } catch (IOException e) {
            throw new PermanentException("the training cannot write to " + out + ": " + e.getMessage(), e);
        }
    }

    private void train(int done, MeanLoss losses, Progress progress) throws IOException {
        Pace pace = new Pace(recipe, model, done);
        MeanLoss mean = losses;
        long firstDocument = recipe.documentsBefore(done);
        for (int at = done; at < recipe.steps(); at++) {
            report(progress, at, mean);
            firstDocument = gradients(at, firstDocument, mean);
            double norm = optimizer.update(at + 1, schedule.learningRate(at));
            if (!Double.isFinite(norm)) throw diverged(at, "the gradients' norm is " + norm);
            int steps = at + 1;
            if (steps % LOSS_EVERY == 0 || steps == recipe.steps()) {
                curve.loss(steps, recipe.tokensBefore(steps), schedule.learningRate(at), mean, norm);
                listener.progress(pace.progress(steps, mean));
                mean = new MeanLoss();
            }
            evaluate(steps);
            heldOut(steps);
            if (steps % recipe.checkpointEvery() == 0) {
                checkpoint.write(model.manager(), steps, mean, optimizer.state());
            }
        }
    }

    /**
     * Computes the gradients of one step, from all of its batches.
     *
     * @return the number of the next step's first document
     */
    private long gradients(int at, long firstDocument, MeanLoss mean) {
        int batches = recipe.optimizer().batches();
        long next = firstDocument;
        for (int i = 0; i < batches; i++) {
            try (NDManager call = model.manager().newSubManager()) {
                PretrainingBatch batch = PretrainingBatch.of(call, tokens, recipe, at, next);
                PretrainingStep.Losses losses = step.backward(call, batch, schedule.auxiliaryWeight(at), batches);
                if (!(losses.loss() < HOPELESS * Math.log(tokens.vocabulary()))) {
                    throw diverged(at, "the loss is " + losses.loss());
                }
                mean.add(losses);
            }
            next += recipe.phase(at).rows();
        }
        return next;
    }

    /** The step that diverged changed nothing, and no checkpoint is written of what came shortly before. */
    private UserException diverged(int at, String what) {
        diverged = true;
        return UserException.data(String.format(
                Locale.ROOT,
                "The training diverged at step %d of %d: %s, and guessing has %.2f. %s Take a smaller"
                        + " optimizer.learning_rate (now %s), a smaller clip_norm or more warmup_steps, and another"
                        + " --out.",
                at + 1,
                recipe.steps(),
                what,
                Math.log(tokens.vocabulary()),
                checkpoint.exists()
                        ? "The last good checkpoint is kept in " + out + "."
                        : "There is no checkpoint yet (checkpoint_every is " + recipe.checkpointEvery() + ").",
                recipe.optimizer().learningRate()));
    }

    private void report(Progress progress, int done, MeanLoss mean) {
        try {
            progress.at("pretraining, steps", done, recipe.steps());
        } catch (CancelledException e) {
            checkpoint.write(model.manager(), done, mean, optimizer.state());
            throw e;
        }
    }

    private boolean due(int every, int steps) {
        return steps % every == 0 || steps == recipe.steps();
    }

    private void heldOut(int steps) throws IOException {
        Recipe.HeldOut settings = recipe.heldOut();
        if (settings == null || !due(settings.every(), steps)) return;
        int length = recipe.phase(steps - 1).length();
        double loss = new HeldOutLoss(tokens, settings.rows()).of(model.manager(), model.decoder(), length);
        curve.heldOut(steps, recipe.tokensBefore(steps), loss);
        listener.heldOut(steps, loss);
    }

    private void evaluate(int steps) throws IOException {
        Recipe.Evaluation settings = recipe.evaluation();
        if (evaluation == null || settings == null || !due(settings.every(), steps)) return;
        Map<String, Map<Integer, Double>> accuracy = evaluation.run(model.manager(), model.decoder());
        curve.accuracy(steps, recipe.tokensBefore(steps), settings.tasks(), accuracy);
        listener.evaluated(steps, accuracy);
    }

    /** Whether the training ended because it diverged. */
    public boolean hasDiverged() {
        return diverged;
    }

    /** The number of native arrays that this training holds. */
    int heldArrays() {
        return model.manager().getManagedArrays().size();
    }

    @Override
    public void close() {
        model.close();
    }
}
