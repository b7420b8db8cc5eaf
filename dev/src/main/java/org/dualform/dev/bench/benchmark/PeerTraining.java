package org.dualform.dev.bench.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.dualform.base.FileTree;
import org.dualform.contract.Json;
import org.dualform.contract.PermanentException;
import org.dualform.contract.Progress;
import org.dualform.data.synthetic.Lexicon;
import org.dualform.data.synthetic.Vocabulary;
import org.dualform.data.synthetic.corpus.Document;
import org.dualform.dev.bench.measure.PeerModel;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.dev.bench.measure.Spread;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.dualform.pretrain.recipe.Schedule;
import org.dualform.pretrain.tokens.GeneratedTokens;

/**
 * The same training in transformers with torch's AdamW: equal initial weights, batches, rates, optimiser and number of
 * threads. Ours makes its documents on the way; the peer has them ready. Wall time, in turns.
 *
 * @param recipe of the training, without an auxiliary loss
 */
record PeerTraining(Recipe recipe) {
    /** The first steps, in which both allocate. */
    private static final int WARM = 2;

    private static final double LEAST = 0.9;
    /** The largest relative difference of the first losses. */
    private static final double SAME = 1e-4;

    Ratio measure(Path python, int rounds) {
        try {
            Path folder = Files.createTempDirectory("dualform-training");
            try {
                ours(withSteps(0), folder); // writes the initial weights
                try (PeerModel peer = PeerModel.openTraining(python, job(folder))) {
                    return measure(peer, rounds);
                }
            } finally {
                FileTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ratio measure(PeerModel peer, int rounds) throws IOException {
        Ours first = ours(withSteps(1));
        PeerModel.Training theirFirst = peer.train();
        requireSame(first.loss, theirFirst.losses().get(0));
        ours(recipe); // does not count
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        double[] ratios = new double[rounds];
        double ourMean = 0;
        double theirMean = 0;
        for (int i = 0; i < rounds; i++) {
            Ours mine = ours(recipe);
            PeerModel.Training other = peer.train();
            long tokens = recipe.tokensBefore(recipe.steps());
            long counted = tokens - recipe.tokensBefore(WARM);
            ours[i] = counted / mine.seconds;
            theirs[i] = counted / other.seconds();
            ratios[i] = ours[i] / theirs[i];
            ourMean = mine.loss;
            theirMean =
                    other.losses().stream().mapToDouble(loss -> loss).average().orElseThrow();
        }
        return Ratio.atLeast(
                LEAST,
                "tokens a second of training / those of transformers and torch",
                Spread.of(ratios),
                String.format(
                        Locale.ROOT,
                        "%,.0f / %,.0f tokens a second; first loss %.5f / %.5f, mean of %d steps %.5f / %.5f",
                        Spread.of(ours).median(),
                        Spread.of(theirs).median(),
                        first.loss,
                        theirFirst.losses().get(0),
                        recipe.steps(),
                        ourMean,
                        theirMean));
    }

    private static void requireSame(double ours, double theirs) {
        if (!(Math.abs(ours - theirs) <= SAME * theirs)) {
            throw new PermanentException(
                    "The first losses differ, so that the two trainings are not the same: " + ours + " here, " + theirs
                            + " there.",
                    null);
        }
    }

    /**
     * One training of ours.
     *
     * @param seconds of the steps after {@link #WARM}
     * @param loss the mean over the steps
     */
    private record Ours(double seconds, double loss) {}

    private static Ours ours(Recipe recipe) throws IOException {
        Path folder = Files.createTempDirectory("dualform-bench");
        try {
            return ours(recipe, folder);
        } finally {
            FileTree.delete(folder);
        }
    }

    private static Ours ours(Recipe recipe, Path folder) {
        Watch watch = new Watch();
        try (Pretrainer trainer = new Pretrainer(recipe, folder, watch)) {
            trainer.run(watch);
        }
        return new Ours((watch.end - watch.start) / 1e9, watch.loss);
    }

    /** Notes when the first counted step begins and the last one ends, which is when its loss is told. */
    private static final class Watch implements Progress, TrainingListener {
        private long start;
        private long end;
        private double loss = Double.NaN;

        @Override
        public void at(String what, long done, long total) {
            if (done == WARM) start = System.nanoTime();
        }

        @Override
        public void progress(TrainingListener.Progress progress) {
            end = System.nanoTime();
            loss = progress.loss();
        }
    }

    private Recipe withSteps(int steps) {
        return new Recipe(
                recipe.name(),
                recipe.seed(),
                steps,
                recipe.model(),
                recipe.phases(),
                recipe.optimizer(),
                null,
                recipe.corpus(),
                recipe.evaluation(),
                recipe.checkpointEvery(),
                null,
                null);
    }

    private ObjectNode job(Path checkpoint) {
        Recipe.Optimizer optimizer = recipe.optimizer();
        ObjectNode job = Json.mapper()
                .createObjectNode()
                .put("checkpoint", checkpoint.toString())
                .put("threads", 1)
                .put("warm", WARM)
                .put("epsilon", optimizer.epsilon())
                .put("weight_decay", optimizer.weightDecay())
                .put("clip_norm", optimizer.clipNorm());
        job.withArray("betas").add(optimizer.beta1()).add(optimizer.beta2());
        Schedule schedule = new Schedule(recipe);
        ArrayNode batches = job.putArray("batches");
        for (int step = 0; step < recipe.steps(); step++) {
            job.withArray("rates").add(schedule.learningRate(step));
            batches.add(batch(step));
        }
        return job;
    }

    private ObjectNode batch(int step) {
        Lexicon lexicon = Lexicon.builtIn();
        GeneratedTokens tokens = new GeneratedTokens(
                lexicon, new Vocabulary(lexicon), Objects.requireNonNull(recipe.corpus()), recipe.seed());
        Recipe.Phase phase = recipe.phase(step);
        ObjectNode batch = Json.mapper().createObjectNode();
        for (int row = 0; row < phase.rows(); row++) {
            Document document =
                    tokens.document(recipe.documentsBefore(step) + row, recipe.progress(step), phase.length());
            ArrayNode ids = batch.withArray("ids").addArray();
            ArrayNode weights = batch.withArray("weights").addArray();
            for (int t = 0; t < phase.length(); t++) {
                ids.add(document.id(t));
                if (t > 0) weights.add(document.weight(t));
            }
        }
        return batch;
    }
}
