package org.dualform.score.cell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;

/**
 * What one method answered at every shot count, and how accurate that is. The curve in the tracking server and the
 * choices on held-out rows take their accuracy from here. It is the same {@link ExampleStatistic} as in a cell's scores, so
 * what is logged is what is scored.
 *
 * <pre>
 * Map&lt;Integer, Metric&gt; byShots = answers.scored(calibrated).accuracies();
 * </pre>
 *
 * @param method that answered; at count 0 it is zero-shot, whatever stands here
 * @param outcomes by true shot count
 * @param contentFree by true shot count: each label's score, for every content-free input; a count may be absent
 */
public record MethodAnswers(
        ScoredMethod method,
        Map<Integer, List<ExampleOutcome>> outcomes,
        Map<Integer, List<List<Double>>> contentFree) {
    public MethodAnswers {
        outcomes = Map.copyOf(outcomes);
        contentFree = Map.copyOf(contentFree);
    }

    /**
     * The answers that count.
     *
     * @param calibrated whether labels are weighed down by what they get without content ({@link Calibration})
     * @return these answers, or the calibrated ones; a count whose content-free inputs have no finite scores is left out
     */
    public MethodAnswers scored(boolean calibrated) {
        if (!calibrated) return this;
        Map<Integer, List<ExampleOutcome>> weighed = new TreeMap<>();
        outcomes.forEach((shots, each) -> {
            List<List<Double>> scores = contentFree.getOrDefault(shots, List.of());
            if (scores.stream().allMatch(List::isEmpty)) return;
            Calibration calibration = Calibration.of(scores);
            weighed.put(shots, each.stream().map(calibration::apply).toList());
        });
        return new MethodAnswers(method, weighed, contentFree);
    }

    /** The accuracy at each true shot count that has answers, with its interval and n; ascending. */
    public Map<Integer, Metric> accuracies() {
        Map<Integer, Metric> accuracies = new TreeMap<>();
        outcomes.forEach((shots, each) -> {
            if (!each.isEmpty()) accuracies.put(shots, accuracy(shots == 0 ? ScoredMethod.ZSL : method, each));
        });
        return accuracies;
    }

    /** The share of rows that a method gets right, with Wilson's interval and n. An answer that is none is a wrong one. */
    public static Metric accuracy(ScoredMethod method, List<ExampleOutcome> outcomes) {
        List<ExampleLine> lines =
                outcomes.stream().map(outcome -> line(method, outcome)).toList();
        return Estimate.of(ExampleStatistic.accuracy(method), List.of(List.of(lines)));
    }

    private static ExampleLine line(ScoredMethod method, ExampleOutcome outcome) {
        Integer predicted = outcome.predicted();
        return new ExampleLine(
                "",
                0,
                outcome.row(),
                outcome.gold(),
                method == ScoredMethod.ZSL ? predicted : null,
                method == ScoredMethod.ICL ? predicted : null,
                method == ScoredMethod.FT ? predicted : null,
                null,
                null,
                null);
    }
}
