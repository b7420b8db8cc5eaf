package org.dualform.momentum;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dualform.contract.UserException;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.data.synthetic.Ramp;
import org.dualform.pretrain.recipe.Recipe;
import org.jspecify.annotations.Nullable;

/** How large the models of a study are, and how long they are trained. */
public enum StudySize {
    /** Minutes on two cores for the whole study. Its models are too young to learn in context. */
    TINY,
    /** About an hour on two cores. */
    SMALL,
    /**
     * Table 10 of Dai et al. 2022: width 1024, 24 layers, 16 heads, documents of 1024 tokens, 512 of them a step, 500,000
     * steps, 20,000 of them to warm up and then linear decay. A gated feed-forward part has three matrices, so that 2736
     * inner dimensions have the weights of the paper's 4096.
     */
    PAPER_350M;

    /** The built-in model's optimiser, but for the steps of warm-up. */
    private static Recipe.Optimizer builtIn(int warmup) {
        return new Recipe.Optimizer(2e-3, warmup, 0.3, 0.9, 0.98, 1e-8, 0.05, 1, null);
    }

    private int steps() {
        return switch (this) {
            case TINY -> 200;
            case SMALL -> 2000;
            case PAPER_350M -> 500_000;
        };
    }

    private Recipe.Phase phase() {
        return switch (this) {
            case TINY -> new Recipe.Phase(1, 48, 16);
            case SMALL -> new Recipe.Phase(1, 96, 24);
            case PAPER_350M -> new Recipe.Phase(1, 1024, 8);
        };
    }

    private Recipe.Optimizer optimizer() {
        return switch (this) {
            case TINY -> builtIn(20);
            case SMALL -> builtIn(100);
            case PAPER_350M -> new Recipe.Optimizer(3e-4, 20_000, 0.96, 0.9, 0.98, 1e-6, 0, 2, 64);
        };
    }

    private Recipe.Shape shape(Recipe.@Nullable Carried momentum) {
        return switch (this) {
            case TINY -> new Recipe.Shape(64, 2, 4, 128, 256, 1e4, 1e-5, momentum);
            case SMALL -> new Recipe.Shape(64, 3, 4, 128, 512, 1e4, 1e-5, momentum);
            case PAPER_350M -> new Recipe.Shape(1024, 24, 16, 2736, 1024, 1e4, 1e-5, momentum);
        };
    }

    /** The name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The size of a name. */
    public static StudySize of(String id) {
        return Arrays.stream(values())
                .filter(size -> size.id().equals(id))
                .findFirst()
                .orElseThrow(() -> UserException.usage("size: has to be one of "
                        + String.join(
                                ", ", Stream.of(values()).map(StudySize::id).toList()) + ", not " + id + "."));
    }

    /** Whether a study of this size trains on texts, and not on the generated corpus. */
    public boolean needsTexts() {
        return this == PAPER_350M;
    }

    /**
     * Refuses a size that this program cannot finish.
     *
     * @throws UserException if its models cannot be trained by this program on a machine of today
     */
    public void requireFeasible() {
        if (needsTexts()) {
            throw UserException.usage(
                    "size: " + id() + " needs a GPU machine for weeks, and pretraining computes on the"
                            + " CPU. Its recipes can be written with dualform momentum --recipes-only.");
        }
    }

    /** The three lengths at which perplexity is measured: a quarter of the length of training, half of it, and all. */
    public List<Integer> contexts() {
        int length = phase().length();
        return List.of(length / 4, length / 2, length);
    }

    /** The recipe of one training; {@code given} steps, or those of this size for null. */
    Recipe recipe(
            String name,
            long seed,
            Recipe.@Nullable Carried momentum,
            @Nullable Path texts,
            @Nullable Path tokenizer,
            @Nullable Integer given) {
        int steps = given == null ? steps() : given;
        Recipe.Text text = texts == null || tokenizer == null ? null : new Recipe.Text(texts, tokenizer, 0.01);
        boolean generated = text == null;
        return new Recipe(
                name,
                seed,
                steps,
                shape(momentum),
                List.of(phase()),
                optimizer(),
                generated ? new Recipe.Auxiliary(1, 0.5, List.of(1, 2)) : null,
                generated ? mix() : null,
                generated ? new Recipe.Evaluation(steps, 4, 77) : null,
                Math.max(100, steps / 100),
                text,
                new Recipe.HeldOut(Math.max(25, steps / 40), 64));
    }

    /** The mixture of the built-in model's recipe. */
    private static CorpusMix mix() {
        return new CorpusMix(
                new Ramp(0.6, 0.05, 0.5),
                new Ramp(0.6, 0.1, 0.7),
                0.15,
                new CorpusMix.LabelShares(0.46, 0.30, 0.08, 0.08, 0.08),
                new CorpusMix.AttributeShares(0.70, 0.15, 0.15),
                new Ramp(0.9, 0.15, 0.5),
                new Ramp(0.9, 0.1, 0.5),
                0.1);
    }
}
