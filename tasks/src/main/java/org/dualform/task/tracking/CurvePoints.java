package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.mlflow.value.CurveRole;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.task.file.PredictionsFile;

/**
 * The points of one curve: at every requested shot count the accuracy with its interval and n, and the costs. Every
 * curve starts at step 0 with zero-shot, whatever the method and whether or not 0 was requested.
 *
 * @param role the role that decides the metrics' names; a control's names differ from those of the experiment's own
 *     curve
 * @param calibrated whether the accuracy that is scored is that of calibrated answers
 */
record CurvePoints(CurveRole role, boolean calibrated) {
    private static final String ACCURACY = Quantity.ACCURACY.id();

    /** @param zeroShot the file that has zero-shot if {@code file} does not */
    List<MetricPoint> of(PromptSet prompts, PredictionsFile file, Optional<PredictionsFile> zeroShot) {
        Map<Integer, Metric> accuracies = new TreeMap<>(accuracies(file));
        zeroShot.map(other -> accuracies(other).get(0)).ifPresent(metric -> accuracies.putIfAbsent(0, metric));
        List<MetricPoint> points = new ArrayList<>();
        trueShots(prompts).forEach((requested, real) -> {
            Metric accuracy = accuracies.get(real);
            if (accuracy != null) points.addAll(MetricPoints.of(role.metric(ACCURACY), accuracy, requested));
            costs(file, real).forEach((name, cost) -> points.add(new MetricPoint(role.metric(name), cost, requested)));
        });
        return points;
    }

    private Map<Integer, Metric> accuracies(PredictionsFile file) {
        return file.answers().scored(calibrated).accuracies();
    }

    /** The number of demonstrations that fit, by the requested number. */
    private static Map<Integer, Integer> trueShots(PromptSet prompts) {
        Map<Integer, Integer> counts = new TreeMap<>(Map.of(0, 0));
        for (PromptSet.ShotCount count : prompts.shots()) counts.put(count.requested(), count.trueShots());
        return counts;
    }

    /** The costs, by their names in a run of one method. */
    private static Map<String, Double> costs(PredictionsFile file, int trueShots) {
        Map<String, Double> costs = new TreeMap<>();
        file.header()
                .costs()
                .getOrDefault(trueShots, Map.of())
                .forEach((name, value) ->
                        costs.put(MetricName.parse(name).withoutMethod().text(), value));
        return costs;
    }
}
