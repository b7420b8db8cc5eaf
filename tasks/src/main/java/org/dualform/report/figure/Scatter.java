package org.dualform.report.figure;

import java.awt.geom.Rectangle2D;
import java.util.List;
import org.dualform.report.figure.Canvas.Anchor;

/** Points with intervals, joined or not: flip curves, cost against accuracy. */
public final class Scatter {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;

    private Scatter() {}

    /** @param label beside the point; may be empty */
    public record Point(double x, double y, double low, double high, String label) {}

    /** @param joined whether a line goes through the points, in their order */
    public record Series(Look look, String name, boolean joined, List<Point> points) {}

    /** Accuracy in percent, upwards from 0 to 100. */
    public static Picture ofAccuracy(String title, String xName, double x0, double x1, List<Series> series) {
        return of(title, xName, "accuracy (%)", new double[] {x0, x1, 0, 100}, series);
    }

    /** @param range the ends of the x axis, then those of the y axis */
    public static Picture of(String title, String xName, String yName, double[] range, List<Series> series) {
        return new Picture(WIDTH, HEIGHT, canvas -> {
            Axes axes = new Axes(canvas, WIDTH, HEIGHT, range[0], range[1], range[2], range[3]);
            axes.title(title);
            axes.grid(yName);
            axes.base(xName);
            for (Series each : series) {
                if (each.joined()) {
                    axes.curve(
                            each.look(),
                            each.points().stream().mapToDouble(Point::x).toArray(),
                            each.points().stream().mapToDouble(Point::y).toArray());
                }
                for (Point p : each.points()) axes.point(each.look(), p.x(), p.y(), p.low(), p.high());
            }
            label(canvas, axes, series);
            axes.legend(
                    series.stream().map(s -> new Axes.Entry(s.look(), s.name())).toList());
        });
    }

    /** Labels come after all points, since a label may cover none of them. */
    private static void label(Canvas canvas, Axes axes, List<Series> series) {
        PointLabels labels = new PointLabels();
        for (Series each : series) {
            for (Point p : each.points()) {
                double high = Double.isFinite(p.high()) ? p.high() : p.y();
                double low = Double.isFinite(p.low()) ? p.low() : p.y();
                labels.avoid(axes.x(p.x()), axes.y(high), axes.y(low));
            }
        }
        for (Series each : series) {
            for (Point p : each.points()) {
                if (p.label().isEmpty()) continue;
                Rectangle2D place = labels.place(p.label(), axes.x(p.x()), axes.y(p.y()));
                canvas.text(
                        p.label(),
                        place.getMinX(),
                        place.getMaxY(),
                        Anchor.START,
                        each.look().color());
            }
        }
    }
}
