package org.dualform.report.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.report.figure.Canvas.Anchor;

/** The plotting area with its scales; values become pixels. */
final class Axes {
    private static final int LEFT = 58;
    private static final int RIGHT = 16;
    private static final int TOP = 34;
    private static final int BOTTOM = 74;

    private final Canvas canvas;
    private final double left;
    private final double top;
    private final double right;
    private final double bottom;
    private final double x0;
    private final double x1;
    private final double y0;
    private final double y1;

    Axes(Canvas canvas, int width, int height, double x0, double x1, double y0, double y1) {
        this.canvas = canvas;
        this.left = LEFT;
        this.top = TOP;
        this.right = width - RIGHT;
        this.bottom = height - BOTTOM;
        this.x0 = x0;
        this.x1 = x1;
        this.y0 = y0;
        this.y1 = y1;
    }

    double x(double value) {
        return left + (value - x0) / (x1 - x0) * (right - left);
    }

    double y(double value) {
        return bottom - (value - y0) / (y1 - y0) * (bottom - top);
    }

    void title(String text) {
        canvas.text(text, left, top - 14, Anchor.START, Canvas.INK, 1.15);
    }

    /** Horizontal lines at round values, with their numbers and the name of the axis. */
    void grid(String name) {
        for (double value : ticks(y0, y1)) {
            canvas.line(left, y(value), right, y(value), Canvas.FAINT, 1);
            canvas.text(number(value, y1 - y0), left - 8, y(value) + 4, Anchor.END, Canvas.INK);
        }
        canvas.upwards(name, 16, (top + bottom) / 2);
    }

    /** Ticks below the axis at round values, with their numbers and the name of the axis. */
    void base(String name) {
        for (double value : ticks(x0, x1)) tick(value, number(value, x1 - x0));
        baseName(name);
    }

    void tick(double value, String text) {
        canvas.line(x(value), bottom, x(value), bottom + 4, Canvas.GREY, 1);
        canvas.text(text, x(value), bottom + 18, Anchor.MIDDLE, Canvas.INK);
    }

    void baseName(String name) {
        canvas.line(left, bottom, right, bottom, Canvas.GREY, 1);
        canvas.text(name, (left + right) / 2, bottom + 38, Anchor.MIDDLE, Canvas.INK);
    }

    /** An entry of the legend under the axis. */
    record Entry(Look look, String text) {}

    void legend(List<Entry> entries) {
        double total = entries.stream()
                        .mapToDouble(e -> 34 + Canvas.width(e.text()) + 18)
                        .sum()
                - 18;
        double at = Math.max(4, (left + right - total) / 2);
        for (Entry entry : entries) {
            entry.look().sample(canvas, at, bottom + 58);
            canvas.text(entry.text(), at + 34, bottom + 62, Anchor.START, Canvas.INK);
            at += 34 + Canvas.width(entry.text()) + 18;
        }
    }

    /** A value with its interval; ends outside the axes are cut. */
    void point(Look look, double x, double y, double low, double high) {
        if (Double.isFinite(low) && Double.isFinite(high)) {
            canvas.line(x(x), y(Math.max(low, y0)), x(x), y(Math.min(high, y1)), look.color(), 1.4f);
            canvas.line(x(x) - 4, y(Math.max(low, y0)), x(x) + 4, y(Math.max(low, y0)), look.color(), 1.4f);
            canvas.line(x(x) - 4, y(Math.min(high, y1)), x(x) + 4, y(Math.min(high, y1)), look.color(), 1.4f);
        }
        canvas.mark(look.mark(), x(x), y(y), 8, look.color());
    }

    void curve(Look look, double[] x, double[] y) {
        double[] px = new double[x.length];
        double[] py = new double[y.length];
        for (int i = 0; i < x.length; i++) {
            px[i] = x(x[i]);
            py[i] = y(y[i]);
        }
        canvas.polyline(px, py, look.color(), 2.2f, look.dashes());
    }

    /** Multiples of 1, 2 or 5 times a power of ten, about five of them. */
    static List<Double> ticks(double from, double to) {
        double raw = (to - from) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = power * (raw / power > 5 ? 10 : raw / power > 2 ? 5 : raw / power > 1 ? 2 : 1);
        List<Double> ticks = new ArrayList<>();
        for (double i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) ticks.add(i * step);
        return ticks;
    }

    private static String number(double value, double range) {
        String text = String.format(Locale.ROOT, range >= 5 ? "%,.0f" : range >= .5 ? "%.1f" : "%.2f", value);
        return text.matches("-0(\\.0+)?") ? text.substring(1) : text.replace('-', '−');
    }
}
