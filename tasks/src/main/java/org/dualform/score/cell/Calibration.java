package org.dualform.score.cell;

import java.util.List;
import java.util.stream.IntStream;
import org.dualform.score.result.ExampleOutcome;

/**
 * Contextual calibration (Zhao et al. 2021, arXiv:2102.09690): a label is weighed down by the probability that it gets for
 * inputs that say nothing. Let p be the normalised label probabilities of a row and p_cf those of the content-free inputs,
 * averaged. The answer is the largest entry of W p with W = diag(p_cf)⁻¹; in logarithms, of score − log p_cf.
 */
public final class Calibration {
    private final double[] logPrior;

    private Calibration(double[] logPrior) {
        this.logPrior = logPrior;
    }

    /**
     * @param contentFree each label's score, for every content-free input
     * @throws IllegalArgumentException where no input has finite scores
     */
    public static Calibration of(List<List<Double>> contentFree) {
        List<List<Double>> probabilities = contentFree.stream()
                .filter(scores -> !scores.isEmpty())
                .map(scores -> new ExampleOutcome("", 0, 0, scores).distribution())
                .toList();
        if (probabilities.isEmpty()) throw new IllegalArgumentException("no content-free input has scores");
        int labels = probabilities.get(0).size();
        return new Calibration(IntStream.range(0, labels)
                .mapToDouble(label -> probabilities.stream()
                        .mapToDouble(p -> p.get(label))
                        .average()
                        .orElseThrow())
                .map(p -> Math.log(Math.max(p, Double.MIN_NORMAL)))
                .toArray());
    }

    /** The outcome with calibrated scores. Of equal scores the first is predicted. */
    public ExampleOutcome apply(ExampleOutcome outcome) {
        if (outcome.predicted() == ExampleOutcome.UNDEFINED) return outcome;
        List<Double> scores = IntStream.range(0, logPrior.length)
                .mapToObj(label -> outcome.scores().get(label) - logPrior[label])
                .toList();
        int best = 0;
        for (int label = 1; label < scores.size(); label++) best = scores.get(label) > scores.get(best) ? label : best;
        return new ExampleOutcome(outcome.row(), outcome.gold(), best, scores, outcome.topTokens());
    }
}
