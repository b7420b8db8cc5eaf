package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.base.Counted;
import org.dualform.report.figure.Look;
import org.dualform.report.figure.Picture;
import org.dualform.report.figure.Scatter;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arm;
import org.jspecify.annotations.Nullable;

/** Accuracy against what it costs, and against the share of wrong labels in the demonstrations. */
public final class AccuracyFigures {
    private AccuracyFigures() {}

    /** Accuracy against the tokens of a query; empty without known costs. */
    public static Optional<Figure> cost(Panel panel) {
        List<Scatter.Series> series = new ArrayList<>();
        double most = 0;
        for (Curve curve : panel.curves()) {
            List<Scatter.Point> points = new ArrayList<>();
            for (Point point : panel.points()) {
                boolean zeroShot = curve == Curve.ZSL;
                if (zeroShot != (point.shots() == 0) && !(zeroShot && points.isEmpty())) continue;
                Double tokens = value(point, MetricName.of(curve.method(), Quantity.TOKENS_PER_QUERY));
                Metric accuracy = point.metric(curve.metric());
                if (tokens == null || !Numbers.hasValue(accuracy)) continue;
                most = Math.max(most, tokens);
                points.add(point(tokens, accuracy, zeroShot ? "" : Integer.toString(point.shots())));
            }
            if (!points.isEmpty()) series.add(new Scatter.Series(look(curve), curve.plainName(), false, points));
        }
        if (most == 0) return Optional.empty();
        Picture picture =
                Scatter.ofAccuracy(panel.title(), "tokens of a query, with its demonstrations", 0, most * 1.08, series);
        return Optional.of(new Figure(
                "Accuracy on " + panel.title() + " against the tokens of a query",
                "Numbers beside the marks: shots. Bars: 95 % intervals. Left and up is better. Training is not counted: its"
                        + " demonstrations are read once, not with every query.",
                picture));
    }

    /** Accuracy against the share of flipped labels, at the largest count that all these controls have; empty without them. */
    public static Optional<Figure> flips(String dataset, List<Panel> panels) {
        Map<Double, Panel> byShare = new TreeMap<>();
        for (Panel panel : panels) {
            if (!panel.dataset().equals(dataset)) continue;
            if (panel.isMain()) byShare.put(0.0, panel);
            else flipped(panel).ifPresent(share -> byShare.put(share, panel));
        }
        if (byShare.size() < 2) return Optional.empty();
        int shots = byShare.values().stream()
                .mapToInt(panel -> panel.points().get(panel.points().size() - 1).shots())
                .min()
                .orElseThrow();
        List<Scatter.Series> series = Stream.of(Curve.values())
                .map(curve -> new Scatter.Series(look(curve), curve.plainName(), true, flips(curve, byShare, shots)))
                .filter(each -> !each.points().isEmpty())
                .toList();
        Picture picture = Scatter.ofAccuracy(dataset, "demonstrations with another label (%)", -3, 103, series);
        return Optional.of(new Figure(
                "Accuracy on " + dataset + " against the share of demonstrations with a wrong label",
                Counted.of(shots, "shot") + ". Bars: 95 % intervals, each from n = " + n(byShare.values(), shots)
                        + ". A method that learns from the labels falls below zero-shot at the right.",
                picture));
    }

    /** The share of flipped labels, of an arm that differs from the experiment itself in nothing else. */
    private static OptionalDouble flipped(Panel panel) {
        if (panel.arm().equals(SummaryRow.SELECTED)) return OptionalDouble.empty();
        Arm arm = Arm.of(panel.arm());
        boolean alone =
                !arm.tunesOtherwise() && !arm.calibrated() && arm.variant().equals(Arm.MAIN.variant());
        return alone ? arm.labels().flip() : OptionalDouble.empty();
    }

    private static String n(Collection<Panel> panels, int shots) {
        return panels.stream()
                .flatMap(panel -> at(panel, shots).stream())
                .map(point -> point.metric(Curve.ICL.metric()))
                .filter(Numbers::hasValue)
                .findFirst()
                .map(Numbers::n)
                .orElse(Numbers.NONE);
    }

    private static List<Scatter.Point> flips(Curve curve, Map<Double, Panel> byShare, int shots) {
        List<Scatter.Point> points = new ArrayList<>();
        byShare.forEach((share, panel) -> at(panel, shots)
                .map(point -> point.metric(curve.metric()))
                .filter(Numbers::hasValue)
                .ifPresent(metric -> points.add(point(100 * share, metric, ""))));
        return points;
    }

    private static Optional<Point> at(Panel panel, int shots) {
        return panel.points().stream().filter(point -> point.shots() == shots).findFirst();
    }

    private static Scatter.Point point(double x, @Nullable Metric metric, String label) {
        return new Scatter.Point(
                x,
                percent(metric == null ? null : metric.value()),
                percent(metric == null ? null : metric.low()),
                percent(metric == null ? null : metric.high()),
                label);
    }

    private static double percent(@Nullable Double share) {
        return share == null ? Double.NaN : 100 * share;
    }

    static Look look(Curve curve) {
        return Look.valueOf(curve.name());
    }

    private static @Nullable Double value(Point point, MetricName name) {
        Metric metric = point.metric(name);
        return metric == null ? null : metric.value();
    }
}
