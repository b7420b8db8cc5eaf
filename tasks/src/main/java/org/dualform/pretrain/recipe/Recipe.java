package org.dualform.pretrain.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.dualform.base.Sha256;
import org.dualform.contract.UserException;
import org.dualform.data.synthetic.CorpusMix;
import org.dualform.optimise.AdamW;
import org.jspecify.annotations.Nullable;

/**
 * Everything that determines a pretrained model: equal recipes give equal models.
 *
 * @param name the model's name
 * @param seed the seed of the initial weights and of the corpus
 * @param steps the number of optimiser steps
 * @param phases the shapes of batches, in order; the last phase ends at 1
 * @param auxiliary null for a training without an auxiliary loss
 * @param corpus the mixture of the generated corpus; null for a training on texts
 * @param evaluation in-context learning on generated tasks; null for a training on texts
 * @param text the texts to train on; null for a training on the generated corpus
 * @param heldOut the loss on documents that are never trained on, or null
 */
public record Recipe(
        String name,
        long seed,
        int steps,
        Shape model,
        List<Phase> phases,
        Optimizer optimizer,
        @Nullable Auxiliary auxiliary,
        @Nullable CorpusMix corpus,
        @Nullable Evaluation evaluation,
        @JsonProperty("checkpoint_every") int checkpointEvery,
        @Nullable Text text,
        @JsonProperty("held_out") @Nullable HeldOut heldOut) {

    /**
     * The decoder's shape: llama layout, tied embedding, as many key/value heads as query heads.
     *
     * @param momentum the momentum of attention or of the residual stream, or null
     */
    public record Shape(
            @JsonProperty("hidden_size") int hiddenSize,
            int layers,
            int heads,
            @JsonProperty("feed_forward") int feedForward,
            @JsonProperty("max_positions") int maxPositions,
            @JsonProperty("rope_theta") double ropeTheta,
            @JsonProperty("norm_epsilon") double normEpsilon,
            @Nullable Carried momentum) {
        /** A shape without momentum. */
        public Shape(
                int hiddenSize,
                int layers,
                int heads,
                int feedForward,
                int maxPositions,
                double ropeTheta,
                double normEpsilon) {
            this(hiddenSize, layers, heads, feedForward, maxPositions, ropeTheta, normEpsilon, null);
        }
    }

    /**
     * Momentum, as {@link org.dualform.model.part.Momentum} has it.
     *
     * @param form one of {@code sum}, {@code mean}, {@code residual}
     * @param decay η, above 0 and below 1
     */
    public record Carried(String form, double decay) {}

    /**
     * A folder of texts. All its files that end in .txt or .md are read, in the order of their paths, and packed into one
     * file of tokens beside the model.
     *
     * @param folder the folder
     * @param tokenizer a model folder, whose tokenizer is taken
     * @param heldOut the share of the tokens, at the end, that is never trained on
     */
    public record Text(
            Path folder,
            Path tokenizer,
            @JsonProperty("held_out") double heldOut) {}

    /**
     * The loss on documents that are never trained on.
     *
     * @param every the number of steps between two measurements
     * @param rows the number of documents, of the length of the phase; the same documents each time
     */
    public record HeldOut(int every, int rows) {}

    /**
     * Batches of {@code rows} documents of {@code length} tokens each, until the share {@code until} of the steps is
     * done.
     */
    public record Phase(double until, int length, int rows) {}

    /**
     * AdamW with clipping by the global norm. The learning rate warms up, stays, and falls to 0 over the last share
     * {@code decayShare} of the steps.
     *
     * @param accumulation the number of batches whose mean gradient makes one step; null stands for 1
     */
    public record Optimizer(
            @JsonProperty("learning_rate") double learningRate,
            @JsonProperty("warmup_steps") int warmupSteps,
            @JsonProperty("decay_share") double decayShare,
            double beta1,
            double beta2,
            double epsilon,
            @JsonProperty("weight_decay") double weightDecay,
            @JsonProperty("clip_norm") double clipNorm,
            @Nullable Integer accumulation) {
        /** The number of batches of one step. */
        public int batches() {
            return accumulation == null ? 1 : accumulation;
        }

        public AdamW.Settings adamW() {
            return new AdamW.Settings(beta1, beta2, epsilon, weightDecay, clipNorm);
        }
    }

    /**
     * The loss on previous tokens after the first block's attention. Its weight falls to 0 until the share {@code
     * until} of the steps is done.
     *
     * @param offsets the numbers of tokens to look back; each has its own loss, and the losses are averaged
     */
    public record Auxiliary(double weight, double until, List<Integer> offsets) {}

    /**
     * The built-in evaluation.
     *
     * @param every the number of steps between two evaluations
     * @param tasks the number of tasks for each condition, the same tasks each time
     */
    public record Evaluation(int every, int tasks, long seed) {}

    /** Reads and checks a recipe. */
    public static Recipe read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw UserException.usage("there is no recipe " + file);
        }
        try {
            return of(YAMLMapper.builder().build().readTree(file.toFile()), file.toString());
        } catch (JacksonException e) {
            throw UserException.data(file + " is not a recipe: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads and checks a recipe.
     *
     * @param where it is from, for messages
     */
    public static Recipe of(JsonNode tree, String where) {
        MissingParts.of(Recipe.class, tree).orThrow(where);
        try {
            Recipe recipe = new ObjectMapper().treeToValue(tree, Recipe.class);
            new RecipeCheck(recipe).orThrow(where);
            return recipe;
        } catch (JacksonException e) {
            throw UserException.data(where + " is not a recipe: " + e.getOriginalMessage(), e);
        }
    }

    /** The phase that a step belongs to. */
    public Phase phase(int step) {
        double progress = progress(step);
        return phases.stream()
                .filter(phase -> progress < phase.until())
                .findFirst()
                .orElse(phases.get(phases.size() - 1));
    }

    /** The share of the training that is done before {@code step}. */
    public double progress(int step) {
        return (double) step / steps;
    }

    /** The number of documents that the first {@code steps} steps take from the corpus. */
    public long documentsBefore(int steps) {
        return sum(steps, phase -> optimizer.batches() * phase.rows());
    }

    /** The number of tokens that the first {@code steps} steps predict. */
    public long tokensBefore(int steps) {
        return sum(steps, phase -> optimizer.batches() * phase.rows() * (phase.length() - 1));
    }

    private long sum(int steps, ToIntFunction<Phase> part) {
        return IntStream.range(0, steps)
                .mapToLong(step -> part.applyAsInt(phase(step)))
                .sum();
    }

    /** A number that is equal for equal recipes. */
    public long fingerprint() {
        return Sha256.firstLong(toString());
    }
}
