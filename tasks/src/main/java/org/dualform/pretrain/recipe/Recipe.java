package org.dualform.pretrain.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
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

/**
 * Everything that determines a pretrained model: equal recipes give equal models.
 *
 * @param name the model's name
 * @param seed the seed of the initial weights and of the corpus
 * @param steps the number of optimiser steps
 * @param phases the shapes of batches, in order; the last phase ends at 1
 */
public record Recipe(
        String name,
        long seed,
        int steps,
        Shape model,
        List<Phase> phases,
        Optimizer optimizer,
        Auxiliary auxiliary,
        CorpusMix corpus,
        Evaluation evaluation,
        @JsonProperty("checkpoint_every") int checkpointEvery) {

    /** The decoder's shape: llama layout, tied embedding, as many key/value heads as query heads. */
    public record Shape(
            @JsonProperty("hidden_size") int hiddenSize,
            int layers,
            int heads,
            @JsonProperty("feed_forward") int feedForward,
            @JsonProperty("max_positions") int maxPositions,
            @JsonProperty("rope_theta") double ropeTheta,
            @JsonProperty("norm_epsilon") double normEpsilon) {}

    /**
     * Batches of {@code rows} documents of {@code length} tokens each, until the share {@code until} of the steps is
     * done.
     */
    public record Phase(double until, int length, int rows) {}

    /**
     * AdamW with clipping by the global norm. The learning rate warms up, stays, and falls to 0 over the last share
     * {@code decayShare} of the steps.
     */
    public record Optimizer(
            @JsonProperty("learning_rate") double learningRate,
            @JsonProperty("warmup_steps") int warmupSteps,
            @JsonProperty("decay_share") double decayShare,
            double beta1,
            double beta2,
            double epsilon,
            @JsonProperty("weight_decay") double weightDecay,
            @JsonProperty("clip_norm") double clipNorm) {
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
            Recipe recipe = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .build()
                    .readValue(file.toFile(), Recipe.class);
            new RecipeCheck(recipe).orThrow(file);
            return recipe;
        } catch (JacksonException e) {
            throw UserException.data(file + " is not a recipe: " + e.getOriginalMessage(), e);
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
        return sum(steps, Phase::rows);
    }

    /** The number of tokens that the first {@code steps} steps predict. */
    public long tokensBefore(int steps) {
        return sum(steps, phase -> phase.rows() * (phase.length() - 1));
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
