package org.dualform.report.figure;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Box plots by layer, from raw values: quartiles, whiskers to the last value within 1.5 boxes, the rest as dots. */
public final class LayerBoxes {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 380;
    private static final int FILL_ALPHA = 70;

    private LayerBoxes() {}

    /**
     * @param values by layer, in each the examples' values
     * @param floor by layer; null where unknown
     */
    public record Series(Look look, String name, List<double[]> values, List<@Nullable Double> floor) {}

    public static Picture of(String title, String floorName, List<Series> series) {
        int layers = series.stream().mapToInt(s -> s.values().size()).max().orElse(0);
        return new Picture(WIDTH, HEIGHT, canvas -> {
            Axes axes = new Axes(canvas, WIDTH, HEIGHT, -.5, layers - .5, lowest(series), 1);
            axes.title(title);
            axes.grid("similarity");
            int every = Math.max(1, (layers + 23) / 24);
            for (int layer = 0; layer < layers; layer += every) axes.tick(layer, Integer.toString(layer + 1));
            axes.baseName("layer" + (floorName.isEmpty() ? "" : "   (– – in grey: " + floorName + ")"));
            double slot = .8 / series.size();
            for (int s = 0; s < series.size(); s++) {
                Series each = series.get(s);
                for (int layer = 0; layer < each.values().size(); layer++) {
                    double centre = layer - .4 + (s + .5) * slot;
                    box(canvas, axes, each.look(), each.values().get(layer), centre, slot * .8);
                    Double floor = layer < each.floor().size() ? each.floor().get(layer) : null;
                    if (floor != null)
                        canvas.line(
                                axes.x(centre - slot * .45),
                                axes.y(floor),
                                axes.x(centre + slot * .45),
                                axes.y(floor),
                                Canvas.GREY,
                                2f,
                                3f,
                                2f);
                }
            }
            axes.legend(
                    series.stream().map(x -> new Axes.Entry(x.look(), x.name())).toList());
        });
    }

    private static void box(Canvas canvas, Axes axes, Look look, double[] raw, double centre, double width) {
        if (raw.length == 0) return;
        double[] sorted = raw.clone();
        Arrays.sort(sorted);
        double q1 = quantile(sorted, .25);
        double q3 = quantile(sorted, .75);
        double reach = 1.5 * (q3 - q1);
        double low = Arrays.stream(sorted).filter(v -> v >= q1 - reach).min().orElse(q1);
        double high = Arrays.stream(sorted).filter(v -> v <= q3 + reach).max().orElse(q3);
        double x = axes.x(centre);
        double left = axes.x(centre - width / 2);
        double right = axes.x(centre + width / 2);
        canvas.line(x, axes.y(low), x, axes.y(q1), look.color(), 1.2f);
        canvas.line(x, axes.y(q3), x, axes.y(high), look.color(), 1.2f);
        Color fill = new Color(
                look.color().getRed(), look.color().getGreen(), look.color().getBlue(), FILL_ALPHA);
        canvas.fill(left, axes.y(q3), right - left, axes.y(q1) - axes.y(q3), fill);
        canvas.frame(left, axes.y(q3), right - left, axes.y(q1) - axes.y(q3), look.color());
        double median = quantile(sorted, .5);
        canvas.line(left, axes.y(median), right, axes.y(median), look.color(), 2.4f);
        for (double v : sorted) if (v < low || v > high) canvas.mark(look.mark(), x, axes.y(v), 3, look.color());
    }

    private static double lowest(List<Series> series) {
        double lowest = 0;
        for (Series each : series) {
            for (double[] layer : each.values()) for (double v : layer) lowest = Math.min(lowest, v);
            for (Double floor : each.floor()) if (floor != null) lowest = Math.min(lowest, floor);
        }
        return Math.max(-1, Math.floor(lowest * 10) / 10);
    }

    /** Linear interpolation between order statistics. */
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
