package org.dualform.report.figure;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.dualform.report.figure.Canvas.Anchor;
import org.jspecify.annotations.Nullable;

/** A table of numbers as shades of one colour. Each field shows its number too, so that nothing depends on the shade alone. */
public final class HeatMap {
    private static final int WIDTH = 640;
    private static final int CELL_HEIGHT = 30;
    private static final int TOP = 58;
    private static final int BOTTOM = 34;
    private static final Color DARK = new Color(0x00436A);
    private static final Color UNDEFINED = new Color(0xF0F0F0);

    private HeatMap() {}

    /**
     * @param values (rows, columns); null is undefined
     * @param low gets the lightest shade; values below are shown in it
     * @param high gets the darkest
     * @param format of the numbers
     */
    public static Picture of(
            String title,
            List<String> rows,
            List<String> columns,
            String columnsName,
            List<List<@Nullable Double>> values,
            double low,
            double high,
            String format) {
        int height = TOP + CELL_HEIGHT * rows.size() + BOTTOM;
        return new Picture(WIDTH, height, canvas -> {
            double left = 16
                    + Math.min(
                            220, rows.stream().mapToDouble(Canvas::width).max().orElse(0));
            double cell = Math.min(90, (WIDTH - 10 - left) / Math.max(1, columns.size()));
            canvas.text(title, 10, 20, Anchor.START, Canvas.INK, 1.15);
            for (int c = 0; c < columns.size(); c++)
                canvas.text(columns.get(c), left + (c + .5) * cell, TOP - 10, Anchor.MIDDLE, Canvas.INK);
            for (int r = 0; r < rows.size(); r++) {
                double y = TOP + r * CELL_HEIGHT;
                canvas.text(shortened(rows.get(r)), left - 8, y + 19, Anchor.END, Canvas.INK);
                for (int c = 0; c < columns.size(); c++)
                    cell(canvas, values.get(r).get(c), left + c * cell, y, cell, low, high, format);
            }
            canvas.text(
                    columnsName,
                    left + columns.size() * cell / 2,
                    TOP + rows.size() * CELL_HEIGHT + 22,
                    Anchor.MIDDLE,
                    Canvas.INK);
        });
    }

    private static void cell(
            Canvas canvas,
            @Nullable Double value,
            double x,
            double y,
            double width,
            double low,
            double high,
            String format) {
        double share = value == null ? 0 : Math.max(0, Math.min(1, (value - low) / (high - low)));
        canvas.fill(x, y, width - 1, CELL_HEIGHT - 1, value == null ? UNDEFINED : shade(share));
        String text =
                value == null ? "–" : String.format(Locale.ROOT, format, value).replace('-', '−');
        double size = Math.min(1, (width - 3) / Math.max(1, Canvas.width(text)));
        // Below a legible size the shade has to do; the numbers are in layers.json.
        if (size > .55)
            canvas.text(text, x + width / 2, y + 19, Anchor.MIDDLE, share > .5 ? Color.WHITE : Canvas.INK, size);
    }

    private static Color shade(double share) {
        return new Color(
                mix(0xF7, DARK.getRed(), share), mix(0xFB, DARK.getGreen(), share), mix(0xFF, DARK.getBlue(), share));
    }

    private static int mix(int light, int dark, double share) {
        return (int) Math.round(light + share * (dark - light));
    }

    private static String shortened(String name) {
        return name.length() <= 30 ? name : name.substring(0, 29) + "…";
    }
}
