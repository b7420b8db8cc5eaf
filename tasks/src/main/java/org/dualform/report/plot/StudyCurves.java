package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.dualform.report.figure.Look;
import org.dualform.report.figure.Scatter;
import org.dualform.report.panel.Curve;
import org.dualform.score.metric.Metric;

/** The accuracy of one method in several studies, against the number of demonstrations. */
public final class StudyCurves {
    private static final List<Look> LOOKS =
            List.of(Look.STUDY_1, Look.STUDY_2, Look.STUDY_3, Look.STUDY_4, Look.STUDY_5);
    /** Points of different studies stand beside each other, by this share of the axis. */
    private static final double ASIDE = 0.008;

    private StudyCurves() {}

    /** @param accuracies of a study, by shots */
    public record Line(String study, SortedMap<Integer, Metric> accuracies) {}

    /**
     * The figure; empty if no study has a value. The studies after the fifth are left out.
     *
     * @param curve the data set, with its arm if that is a control
     */
    public static Optional<Figure> of(String curve, Curve method, List<Line> studies) {
        List<Line> drawn = studies.stream().limit(LOOKS.size()).toList();
        int most = drawn.stream()
                .flatMap(line -> line.accuracies().keySet().stream())
                .max(Integer::compare)
                .orElse(0);
        double range = Math.max(1, most);
        List<Scatter.Series> series = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            double aside = ASIDE * range * (i - (drawn.size() - 1) / 2.0);
            List<Scatter.Point> points = points(drawn.get(i), aside);
            if (!points.isEmpty())
                series.add(new Scatter.Series(LOOKS.get(i), drawn.get(i).study(), true, points));
        }
        if (series.isEmpty()) return Optional.empty();
        return Optional.of(new Figure(
                "Accuracy of " + method.plainName() + " on " + curve + " in each study, by shots",
                "Accuracy of " + method.plainName() + " on " + curve + ". Bars: 95 % intervals of each study by itself;"
                        + " whether two studies differ is in the table of differences."
                        + (studies.size() > drawn.size()
                                ? " Only the first " + drawn.size() + " studies are drawn."
                                : ""),
                Scatter.ofAccuracy(
                        curve + ", " + method.plainName(),
                        "demonstrations (shots)",
                        -0.03 * range,
                        1.03 * range,
                        series)));
    }

    private static List<Scatter.Point> points(Line line, double aside) {
        return line.accuracies().entrySet().stream()
                .flatMap(at -> point(at.getKey() + aside, at.getValue()).stream())
                .toList();
    }

    private static Optional<Scatter.Point> point(double x, Metric metric) {
        Double value = metric.value();
        if (value == null) return Optional.empty();
        double low = Stream.ofNullable(metric.low()).findFirst().orElse(Double.NaN);
        double high = Stream.ofNullable(metric.high()).findFirst().orElse(Double.NaN);
        return Optional.of(new Scatter.Point(x, 100 * value, 100 * low, 100 * high, ""));
    }
}
