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
 * Everything that decides a pretrained model: rebuilt from the same recipe it is the same model.
 *
 * @param name the model's name
 * @param seed seed of the initial weights and of the corpus
 * @param steps optimiser steps
 * @param phases batch shapes, in order; the last ends at 1
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

    /** The decoder's shape: llama layout, tied embedding, as many key heads as query heads. */
    public record Shape(
            @JsonProperty("hidden_size") int hiddenSize,
            int layers,
            int heads,
            @JsonProperty("feed_forward") int feedForward,
            @JsonProperty("max_positions") int maxPositions,
            @JsonProperty("rope_theta") double ropeTheta,
            @JsonProperty("norm_epsilon") double normEpsilon) {}

    /** Batches of {@code rows} documents of {@code length} tokens, up to share {@code until} of the steps. */
    public record Phase(double until, int length, int rows) {}

    /** AdamW with clipping by the global norm; the rate warms up, stays, and falls to 0 over the last decayShare. */
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
     * The loss of previous tokens after the first block's attention: its weight falls to 0 at share {@code until}.
     *
     * @param offsets how many tokens back; each has a loss of its own, and they are averaged
     */
    public record Auxiliary(double weight, double until, List<Integer> offsets) {}

    /** The built-in evaluation: every so many steps, on so many tasks a condition, the same each time. */
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

    /** The batch shape at a step. */
    public Phase phase(int step) {
        double progress = progress(step);
        return phases.stream()
                .filter(phase -> progress < phase.until())
                .findFirst()
                .orElse(phases.get(phases.size() - 1));
    }

    /** Share of the training that is done before {@code step}. */
    public double progress(int step) {
        return (double) step / steps;
    }

    /** Documents that the first {@code steps} steps take from the corpus. */
    public long documentsBefore(int steps) {
        return sum(steps, Phase::rows);
    }

    /** Tokens that the first {@code steps} steps predict. */
    public long tokensBefore(int steps) {
        return sum(steps, phase -> phase.rows() * (phase.length() - 1));
    }

    private long sum(int steps, ToIntFunction<Phase> part) {
        return IntStream.range(0, steps)
                .mapToLong(step -> part.applyAsInt(phase(step)))
                .sum();
    }

    /** Equal for equal recipes. */
    public long fingerprint() {
        return Sha256.firstLong(toString());
    }
}
