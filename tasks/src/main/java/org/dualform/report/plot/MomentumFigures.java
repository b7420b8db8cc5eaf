package org.dualform.report.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.dualform.momentum.result.MeanCurve;
import org.dualform.momentum.result.StudyTable;
import org.dualform.report.figure.Look;
import org.dualform.report.figure.Picture;
import org.dualform.report.figure.Scatter;

/** The figures of a study of momentum: learning curves, and both tables. Each shows vanilla and a few variants. */
public final class MomentumFigures {
    private static final List<Look> LOOKS = List.of(Look.STUDY_1, Look.STUDY_2, Look.STUDY_3);

    private MomentumFigures() {}

    /** @param curves the learning curves, that of the vanilla model first */
    public static List<Figure> of(List<MeanCurve> curves, List<StudyTable> tables) {
        List<Figure> figures = new ArrayList<>();
        if (!curves.isEmpty()) {
            for (List<MeanCurve> few : parts(curves)) figures.add(learning(few));
        }
        for (StudyTable table : tables) {
            List<StudyTable.Row> rows =
                    table.rows().stream().filter(row -> row.seeds() > 0).toList();
            if (rows.isEmpty()) continue;
            for (List<StudyTable.Row> few : parts(rows)) figures.add(table(table, few));
        }
        return figures;
    }

    /** The first one with each three of the others. */
    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 1; from < Math.max(2, all.size()); from += LOOKS.size()) {
            List<T> part = new ArrayList<>(all.subList(0, 1));
            part.addAll(all.subList(Math.min(from, all.size()), Math.min(from + LOOKS.size(), all.size())));
            parts.add(part);
        }
        return parts;
    }

    private static Look look(int place) {
        return place == 0 ? Look.ZSL : LOOKS.get(place - 1);
    }

    private static Figure learning(List<MeanCurve> curves) {
        List<Scatter.Series> series = new ArrayList<>();
        for (MeanCurve curve : curves) {
            List<Scatter.Point> points = new ArrayList<>();
            curve.loss().forEach((step, loss) -> points.add(point(step, loss)));
            series.add(new Scatter.Series(look(series.size()), curve.arm(), true, points));
        }
        return new Figure(
                "Learning curves",
                "Loss on held-out documents, mean over seeds; lower is better.",
                drawn("Loss on held-out documents", "step", "loss", series));
    }

    private static Figure table(StudyTable table, List<StudyTable.Row> rows) {
        StudyTable.Quantity quantity = table.quantity();
        List<Scatter.Series> series = new ArrayList<>();
        for (StudyTable.Row row : rows) {
            List<Scatter.Point> points = new ArrayList<>();
            for (int i = 0; i < table.columns().size(); i++) {
                points.add(point(
                        table.columns().get(i),
                        quantity.factor() * row.cells().get(i).mean()));
            }
            series.add(new Scatter.Series(look(series.size()), row.arm(), true, points));
        }
        return new Figure(
                quantity.title(),
                "Mean over seeds. " + quantity.note(),
                drawn(quantity.title(), quantity.unit().strip(), quantity.id(), series));
    }

    private static Scatter.Point point(double x, double y) {
        return new Scatter.Point(x, y, Double.NaN, Double.NaN, "");
    }

    private static Picture drawn(String title, String xName, String yName, List<Scatter.Series> series) {
        double[] x = values(series, true);
        double[] y = values(series, false);
        double space = Math.max(0.05 * (y[1] - y[0]), 1e-3);
        double right = x[1] > x[0] ? x[1] : x[0] + 1;
        return Scatter.of(title, xName, yName, new double[] {x[0], right, y[0] - space, y[1] + space}, series);
    }

    /** The smallest and the largest. */
    private static double[] values(List<Scatter.Series> series, boolean x) {
        double[] all = series.stream()
                .flatMapToDouble(each ->
                        each.points().stream().flatMapToDouble(point -> DoubleStream.of(x ? point.x() : point.y())))
                .toArray();
        return new double[] {
            DoubleStream.of(all).min().orElse(0), DoubleStream.of(all).max().orElse(1)
        };
    }
}
