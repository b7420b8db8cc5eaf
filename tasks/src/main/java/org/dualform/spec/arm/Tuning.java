package org.dualform.spec.arm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model is fine-tuned, apart from learning rate and passes.
 *
 * @param objective the loss that is minimised
 * @param scope which weights change
 * @param layer of {@link Scope#VALUE_LAYER}: its number from 0, or {@link #MIDDLE}; null otherwise
 * @param adam whether Adam takes the steps, instead of plain gradient descent
 * @param fullBatch whether one step takes the mean gradient of all demonstrations, instead of one step for each
 */
public record Tuning(
        Objective objective, Scope scope, @Nullable String layer, boolean adam, boolean fullBatch) {
    /** The paper's fine-tuning. */
    public static final Tuning STANDARD = new Tuning(Objective.ALL_TOKENS, Scope.KEY_VALUE, null, false, false);

    /** Layer-causal gradient descent. */
    static final Tuning LAYER_CAUSAL = new Tuning(Objective.LAYER_CAUSAL, Scope.KEY_VALUE, null, false, false);

    /** The middle layer; of two, the later one. */
    static final String MIDDLE = "middle";

    private static final String STANDARD_TEXT = "standard";
    private static final String LAYER_CAUSAL_TEXT = "lcgd";

    /** The mean of the demonstrations' patches. */
    static final Tuning MEAN_PATCH = new Tuning(Objective.MEAN_PATCH, Scope.FEED_FORWARD, null, false, false);

    /** The least-squares patch of the demonstrations. */
    static final Tuning LEAST_SQUARES_PATCH =
            new Tuning(Objective.LEAST_SQUARES_PATCH, Scope.FEED_FORWARD, null, false, false);

    static final String MEAN_PATCH_TEXT = "patch=mean";
    static final String LEAST_SQUARES_PATCH_TEXT = "patch=least_squares";

    /** What is learned. */
    public enum Objective {
        /** The next token, at every token of a demonstration: the paper's. */
        ALL_TOKENS,
        /** The label's tokens only. */
        LABEL,
        /** The next token from every layer's output, learned by that layer alone (Deutch et al. 2024, arXiv 2311.07772). */
        LAYER_CAUSAL,
        /** Nothing by gradients: what the demonstrations do as a context is written into weights, as a mean over them. */
        MEAN_PATCH,
        /** The same, by least squares. */
        LEAST_SQUARES_PATCH
    }

    /** What changes. */
    public enum Scope {
        /** Key and value projections of all layers: the paper's. */
        KEY_VALUE,
        /** The value projection of one layer. */
        VALUE_LAYER,
        /** The feed-forward parts of all layers. */
        FEED_FORWARD,
        /** Every weight. */
        ALL
    }

    /** Whether demonstrations are written into the weights as a patch, without gradients and a learning rate. */
    public boolean patches() {
        return objective == Objective.MEAN_PATCH || objective == Objective.LEAST_SQUARES_PATCH;
    }

    /** Whether the change of the weights has low rank, so that a few numbers for each token hold it, and not one for each weight. */
    public boolean lowRank() {
        return scope == Scope.KEY_VALUE && !adam && !fullBatch;
    }

    /** The layer that changes in a model of {@code layers} layers; empty where more than one changes. */
    public Optional<Integer> layer(int layers) {
        if (layer == null) return Optional.empty();
        return Optional.of(layer.equals(MIDDLE) ? layers / 2 : Integer.parseInt(layer));
    }

    /** The value of a task's parameter, and the text after {@code ft=}: the parts in alphabetical order, joined by {@code +}. */
    public String text() {
        if (objective == Objective.LAYER_CAUSAL) return LAYER_CAUSAL_TEXT;
        if (objective == Objective.MEAN_PATCH) return MEAN_PATCH_TEXT;
        if (objective == Objective.LEAST_SQUARES_PATCH) return LEAST_SQUARES_PATCH_TEXT;
        List<String> parts = parts();
        return parts.isEmpty() ? STANDARD_TEXT : String.join("+", parts);
    }

    List<String> parts() {
        List<String> parts = new ArrayList<>();
        if (adam) parts.add("adam");
        if (scope == Scope.ALL) parts.add("all");
        if (fullBatch) parts.add("full_batch");
        if (objective == Objective.LABEL) parts.add("label_loss");
        if (layer != null) parts.add("v_layer:" + layer);
        return parts;
    }

    /** Reads what {@link #text} wrote. */
    public static Tuning of(String text) {
        return switch (text) {
            case STANDARD_TEXT -> STANDARD;
            case LAYER_CAUSAL_TEXT -> LAYER_CAUSAL;
            case MEAN_PATCH_TEXT -> MEAN_PATCH;
            case LEAST_SQUARES_PATCH_TEXT -> LEAST_SQUARES_PATCH;
            default -> {
                Tuning tuning = STANDARD;
                for (String part : Arrays.asList(text.split("\\+", -1))) tuning = tuning.with(part);
                yield tuning;
            }
        };
    }

    /** The same with one more part, which has been checked. */
    Tuning with(String part) {
        return switch (part) {
            case "adam" -> new Tuning(objective, scope, layer, true, fullBatch);
            case "all" -> new Tuning(objective, Scope.ALL, null, adam, fullBatch);
            case "full_batch" -> new Tuning(objective, scope, layer, adam, true);
            case "label_loss" -> new Tuning(Objective.LABEL, scope, layer, adam, fullBatch);
            default -> {
                if (!part.startsWith("v_layer:")) throw new IllegalArgumentException("no way to fine-tune: " + part);
                String number = part.substring("v_layer:".length());
                yield new Tuning(objective, Scope.VALUE_LAYER, number, adam, fullBatch);
            }
        };
    }
}
