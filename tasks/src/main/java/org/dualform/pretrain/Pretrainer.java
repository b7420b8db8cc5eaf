package org.dualform.pretrain;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dualform.contract.CancelledException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.data.synthetic.corpus.Corpus;
import org.dualform.model.NoGrad;
import org.dualform.optimise.AdamW;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.recipe.Schedule;

/**
 * Pretrains a decoder on the generated corpus. A recipe goes in; a folder in Hugging Face layout comes out.
 *
 * <p>The number of steps and all seeds are part of the recipe, so that on one thread of one kind of CPU equal recipes
 * give equal bits. A training that was stopped continues from its last checkpoint.
 */
public final class Pretrainer implements AutoCloseable {
    private static final int LOSS_EVERY = 25;

    private final Recipe recipe;
    private final Path out;
    private final TrainingListener listener;
    private final Lexicon lexicon = Lexicon.builtIn();
    private final Vocabulary vocabulary = new Vocabulary(lexicon);
    private final Corpus corpus;
    private final Schedule schedule;
    private final TrainableModel model;
    private final PretrainingStep step;
    private final AdamW optimizer;
    private final ShotEvaluation evaluation;
    private final TrainingCheckpoint checkpoint;
    private final LearningCurve curve;

    /** @param out the model's folder; the checkpoint and the learning curve are written there too */
    public Pretrainer(Recipe recipe, Path out, TrainingListener listener) {
        this.recipe = recipe;
        this.out = out;
        this.listener = listener;
        this.corpus = new Corpus(lexicon, vocabulary, recipe.corpus(), recipe.seed());
        this.schedule = new Schedule(recipe);
        this.model = new TrainableModel(recipe, vocabulary);
        this.step = new PretrainingStep(model);
        this.optimizer = new AdamW(
                model.manager(), model.parameters(), recipe.optimizer().adamW());
        this.evaluation = new ShotEvaluation(lexicon, vocabulary, recipe.evaluation());
        this.checkpoint = new TrainingCheckpoint(out.resolve("checkpoint.safetensors"), recipe);
        this.curve = new LearningCurve(out.resolve("learning_curve.jsonl"));
    }

    /**
     * Trains to the end and writes the model. If {@code progress} stops the training, the steps done are kept.
     *
     * @throws org.dualform.contract.CancelledException if {@code progress} throws it
     */
    public void run(Progress progress) {
        try (NoGrad off = new NoGrad()) {
            Files.createDirectories(out);
            int done = checkpoint.read(model.manager(), optimizer.state());
            curve.rewind(done);
            if (done > 0) {
                listener.resumed(done);
            }
            train(done, progress);
            new ModelFiles(recipe.model(), vocabulary).write(out, model.weights());
            checkpoint.delete();
        } catch (IOException e) {
            throw new PermanentException("the training cannot write to " + out + ": " + e.getMessage(), e);
        }
    }

    private void train(int done, Progress progress) throws IOException {
        Pace pace = new Pace(recipe, done);
        MeanLoss mean = new MeanLoss();
        long firstDocument = recipe.documentsBefore(done);
        for (int at = done; at < recipe.steps(); at++) {
            report(progress, at);
            double norm;
            try (NDManager call = model.manager().newSubManager()) {
                PretrainingBatch batch = PretrainingBatch.of(call, corpus, recipe, at, firstDocument);
                mean.add(step.backward(call, batch, schedule.auxiliaryWeight(at)));
                norm = optimizer.update(at + 1, schedule.learningRate(at));
            }
            firstDocument += recipe.phase(at).rows();
            int steps = at + 1;
            if (steps % LOSS_EVERY == 0 || steps == recipe.steps()) {
                curve.loss(steps, recipe.tokensBefore(steps), schedule.learningRate(at), mean, norm);
                listener.progress(pace.progress(steps, mean));
                mean = new MeanLoss();
            }
            if (steps % recipe.evaluation().every() == 0 || steps == recipe.steps()) {
                evaluate(steps);
            }
            if (steps % recipe.checkpointEvery() == 0) {
                checkpoint.write(model.manager(), steps, optimizer.state());
            }
        }
    }

    private void report(Progress progress, int done) {
        try {
            progress.at("pretraining, steps", done, recipe.steps());
        } catch (CancelledException e) {
            checkpoint.write(model.manager(), done, optimizer.state());
            throw e;
        }
    }

    private void evaluate(int steps) throws IOException {
        Map<String, Map<Integer, Double>> accuracy = evaluation.run(model.manager(), model.decoder());
        curve.accuracy(steps, recipe.tokensBefore(steps), recipe.evaluation().tasks(), accuracy);
        listener.evaluated(steps, accuracy);
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
