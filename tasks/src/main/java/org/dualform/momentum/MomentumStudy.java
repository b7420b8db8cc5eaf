package org.dualform.momentum;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.model.part.Momentum;
import org.dualform.pretrain.recipe.Recipe;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of plain attention with variants of momentum, checked.
 *
 * @param variants names of {@link Momentum.Form}
 * @param decays the values of η, each tried with every variant
 * @param seeds each seed is one training of every model: the same initial weights and the same data
 * @param texts the folder of texts to train on, or null for the generated corpus
 * @param tokenizer the model folder whose tokenizer the texts are read with, or null
 * @param steps the steps of each training, or null for those of the size
 */
public record MomentumStudy(
        StudySize size,
        List<String> variants,
        List<Double> decays,
        List<Long> seeds,
        @Nullable Path texts,
        @Nullable Path tokenizer,
        @Nullable Integer steps) {
    /** The model without momentum, with which all others are compared. */
    public static final String VANILLA = "vanilla";

    private static final int MOST_SEEDS = 10;
    private static final int MOST_DECAYS = 20;
    private static final int MOST_STEPS = 1_000_000;

    /** @throws org.dualform.contract.UserException naming every mistake */
    public MomentumStudy {
        variants = List.copyOf(variants);
        decays = List.copyOf(decays);
        seeds = List.copyOf(seeds);
        Mistakes mistakes = new Mistakes(ExitCode.USAGE);
        for (String variant : variants) {
            if (!Momentum.Form.ids().contains(variant)) {
                mistakes.add("variants: has to be some of " + String.join(", ", Momentum.Form.ids()) + ", not "
                        + variant + ". The vanilla model is always trained.");
            }
        }
        for (double decay : decays) {
            if (!Momentum.allowed(decay)) mistakes.add("eta: has to be " + Momentum.RULE + ", not " + decay + ".");
        }
        if (repeats(variants)) mistakes.add("variants: has to name each once, not " + variants + ".");
        if (repeats(decays) || decays.size() > MOST_DECAYS) {
            mistakes.add("eta: has to be at most " + MOST_DECAYS + " different numbers, not " + decays + ".");
        }
        if (variants.isEmpty() || decays.isEmpty()) mistakes.add("variants and eta: at least one of each is needed.");
        if (seeds.size() < 2 || seeds.size() > MOST_SEEDS || repeats(seeds)) {
            mistakes.add("seeds: from 2 to " + MOST_SEEDS + " different ones are needed, not " + seeds
                    + ": an interval over seeds needs two.");
        }
        if (size.needsTexts() && (texts == null || tokenizer == null)) {
            mistakes.add("size " + size.id() + " trains on texts: name a folder of texts and a tokenizer"
                    + " (--texts and --tokenizer).");
        }
        if ((texts == null) != (tokenizer == null)) mistakes.add("texts and tokenizer: name both, or neither.");
        if (steps != null && (steps < 1 || steps > MOST_STEPS)) {
            mistakes.add("steps: has to be a whole number from 1 to " + MOST_STEPS + ", not " + steps + ".");
        }
        mistakes.throwIfAny();
    }

    private static boolean repeats(List<?> values) {
        return values.stream().distinct().count() < values.size();
    }

    /**
     * One model of the study, trained once for each seed.
     *
     * @param name {@code vanilla}, or the variant and its η
     * @param momentum null for the vanilla model
     */
    public record Arm(String name, Recipe.@Nullable Carried momentum) {}

    /** The vanilla model, and every variant with every η. */
    public List<Arm> arms() {
        List<Arm> arms = new ArrayList<>(List.of(new Arm(VANILLA, null)));
        for (String variant : variants) {
            for (double decay : decays) arms.add(new Arm(variant + "-" + decay, new Recipe.Carried(variant, decay)));
        }
        return arms;
    }

    /**
     * One training.
     *
     * @param name unique in the study, and the name of its folder
     */
    public record Training(String name, Arm arm, long seed, Recipe recipe) {}

    /** Every training, seed by seed. */
    public List<Training> trainings() {
        return seeds.stream().flatMap(this::ofSeed).toList();
    }

    private Stream<Training> ofSeed(long seed) {
        return arms().stream().map(arm -> {
            String name = size.id() + "-" + arm.name() + "-s" + seed;
            return new Training(name, arm, seed, size.recipe(name, seed, arm.momentum(), texts, tokenizer, steps));
        });
    }
}
