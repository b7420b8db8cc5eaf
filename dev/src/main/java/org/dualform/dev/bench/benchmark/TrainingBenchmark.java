package org.dualform.dev.bench.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dualform.base.FileTree;
import org.dualform.contract.Progress;
import org.dualform.dev.bench.measure.BenchRun;
import org.dualform.dev.bench.measure.Benchmark;
import org.dualform.dev.bench.measure.Clock;
import org.dualform.dev.bench.measure.Ratio;
import org.dualform.model.part.Momentum;
import org.dualform.pretrain.Pretrainer;
import org.dualform.pretrain.TrainingListener;
import org.dualform.pretrain.recipe.Recipe;
import org.jspecify.annotations.Nullable;

/** Measures what momentum attention costs in training, at the shape of the built-in model. */
public final class TrainingBenchmark implements Benchmark {
    private static final int STEPS = 12;
    private static final int ROWS = 24;
    private static final int LENGTH = 96;
    private static final double DECAY = 0.9;
    /** A momentum step may cost so much of a vanilla one. */
    private static final double DEAREST = 1.05;

    @Override
    public String name() {
        return "pretrain";
    }

    @Override
    public String description() {
        return "pretraining of the built-in model's shape for " + STEPS + " steps of " + ROWS + " documents of "
                + LENGTH + " tokens: each form of momentum beside the vanilla model, and the vanilla model beside the"
                + " same one in transformers with torch's AdamW";
    }

    @Override
    public List<Ratio> run(BenchRun bench) {
        Recipe builtIn = builtIn();
        List<Ratio> ratios = new ArrayList<>();
        for (Momentum.Form form : Momentum.Form.values()) {
            Recipe momentum = recipe(builtIn, new Recipe.Carried(form.id(), DECAY));
            Clock.Pair pair = Clock.CPU.pair(bench.rounds(), () -> train(momentum), () -> train(recipe(builtIn, null)));
            ratios.add(Ratio.atMost(
                    DEAREST, "a training with momentum " + form.id() + " / vanilla", pair.ratio(), pair.seconds()));
        }
        bench.peers()
                .ifPresent(peers ->
                        ratios.add(new PeerTraining(recipe(builtIn, null)).measure(peers.python(), bench.rounds())));
        return ratios;
    }

    private static Recipe builtIn() {
        @Nullable String root = System.getenv("DUALFORM_ROOT");
        try {
            return Recipe.read(Path.of(root == null ? "." : root, "models", "mini", "recipe.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recipe recipe(Recipe builtIn, Recipe.@Nullable Carried momentum) {
        Recipe.Shape shape = builtIn.model();
        return new Recipe(
                "bench",
                builtIn.seed(),
                STEPS,
                new Recipe.Shape(
                        shape.hiddenSize(),
                        shape.layers(),
                        shape.heads(),
                        shape.feedForward(),
                        shape.maxPositions(),
                        shape.ropeTheta(),
                        shape.normEpsilon(),
                        momentum),
                List.of(new Recipe.Phase(1, LENGTH, ROWS)),
                builtIn.optimizer(),
                null,
                builtIn.corpus(),
                new Recipe.Evaluation(STEPS, 1, 1),
                2 * STEPS,
                null,
                null);
    }

    private static void train(Recipe recipe) {
        try {
            Path folder = Files.createTempDirectory("dualform-bench");
            try (Pretrainer trainer = new Pretrainer(recipe, folder, new TrainingListener() {})) {
                trainer.run(Progress.none());
            } finally {
                FileTree.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
