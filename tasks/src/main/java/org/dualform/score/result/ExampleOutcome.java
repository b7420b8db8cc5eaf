package org.dualform.score.result;

import java.util.List;

/**
 * What one method answered on one evaluation row.
 *
 * @param row id of the row, the same in every cell of a data set
 * @param gold index of the right label
 * @param predicted index of the predicted label; {@link #UNDEFINED} when the scores were not finite
 * @param topTokens the likeliest next tokens behind the prompt, by falling likelihood; empty if undefined
 * @param scores mean log-likelihood of each label word, one per label
 */
public record ExampleOutcome(String row, int gold, int predicted, List<Double> scores, List<Integer> topTokens) {
    /** No prediction, because a score was not finite. Counts as wrong. */
    public static final int UNDEFINED = -1;

    public ExampleOutcome {
        scores = List.copyOf(scores);
        topTokens = List.copyOf(topTokens);
    }

    /** An outcome without next tokens. */
    public ExampleOutcome(String row, int gold, int predicted, List<Double> scores) {
        this(row, gold, predicted, scores, List.of());
    }

    /** The share of the likeliest next tokens that {@code other} has too; NaN where one has none. */
    public double tokenOverlap(ExampleOutcome other) {
        if (topTokens.isEmpty() || other.topTokens.isEmpty()) return Double.NaN;
        return topTokens.stream().filter(other.topTokens::contains).count() / (double) topTokens.size();
    }

    /** Softmax of the scores over the labels; empty where there is no prediction. */
    public List<Double> distribution() {
        if (predicted == UNDEFINED) {
            return List.of();
        }
        double max = scores.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double sum = scores.stream().mapToDouble(s -> Math.exp(s - max)).sum();
        return scores.stream().map(s -> Math.exp(s - max) / sum).toList();
    }
}
