package org.dualform.infer;

import java.util.List;
import org.dualform.prompt.PromptSet;
import org.dualform.score.result.ExampleOutcome;

/**
 * What the model answered on one row.
 *
 * @param row the row's id in its data set
 * @param gold index of the right label
 * @param predicted index of the label with the highest score, the first of equals; {@link #UNDEFINED} if a score is not a
 *     finite number
 * @param scores per label: mean log-likelihood of its tokens, in nats; empty if undefined
 * @param tokenLogLikelihoods per label and token, in nats; empty if undefined
 * @param distribution per label: softmax of the scores; empty if undefined
 * @param topTokens ids of the likeliest next tokens behind the query, by falling likelihood; empty if undefined
 */
public record Prediction(
        String row,
        int gold,
        int predicted,
        List<Double> scores,
        List<List<Double>> tokenLogLikelihoods,
        List<Double> distribution,
        List<Integer> topTokens) {
    /** How many of the likeliest next tokens are kept. */
    public static final int TOP_TOKENS = 10;

    /** No prediction: the model's logits were not finite. */
    public static final int UNDEFINED = ExampleOutcome.UNDEFINED;

    static Prediction of(PromptSet.Query query, List<List<Double>> tokenLogLikelihoods, List<Integer> topTokens) {
        List<Double> scores = tokenLogLikelihoods.stream()
                .map(tokens -> tokens.stream().mapToDouble(t -> t).average().orElseThrow())
                .toList();
        if (!scores.stream().allMatch(Double::isFinite)) {
            return new Prediction(query.row(), query.gold(), UNDEFINED, List.of(), List.of(), List.of(), List.of());
        }
        int best = 0;
        for (int label = 1; label < scores.size(); label++) {
            best = scores.get(label) > scores.get(best) ? label : best;
        }
        return new Prediction(
                query.row(),
                query.gold(),
                best,
                scores,
                tokenLogLikelihoods,
                softmax(scores, scores.get(best)),
                topTokens);
    }

    /** The same for scoring, which knows nothing of models. */
    public ExampleOutcome outcome() {
        return new ExampleOutcome(row, gold, predicted, scores, topTokens);
    }

    public boolean defined() {
        return predicted != UNDEFINED;
    }

    private static List<Double> softmax(List<Double> scores, double highest) {
        double sum = scores.stream().mapToDouble(s -> Math.exp(s - highest)).sum();
        return scores.stream().map(s -> Math.exp(s - highest) / sum).toList();
    }
}
