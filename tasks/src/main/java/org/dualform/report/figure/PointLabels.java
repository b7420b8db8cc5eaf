package org.dualform.report.figure;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Texts beside points, each where it covers no point and no other text, if there is such a place. */
final class PointLabels {
    private static final double ASIDE = 8;
    private static final double HEIGHT = 12;

    /** Height of the text's foot above the point's middle: above it, below it, beside it. */
    private static final double[] FEET = {6, -HEIGHT - 4, -4};

    private final List<Rectangle2D> taken = new ArrayList<>();

    /** Keeps a point's mark and interval free; in pixels, downwards from {@code top}. */
    void avoid(double x, double top, double bottom) {
        taken.add(new Rectangle2D.Double(x - 5, top - 5, 10, bottom - top + 10));
    }

    /** The place of a text beside the point at (x, y), its foot at the lower edge; it is taken from then on. */
    Rectangle2D place(String text, double x, double y) {
        double width = Canvas.width(text);
        List<Rectangle2D> places = new ArrayList<>();
        for (double foot : FEET) {
            for (double left : new double[] {x + ASIDE, x - ASIDE - width})
                places.add(new Rectangle2D.Double(left, y - foot - HEIGHT, width, HEIGHT));
        }
        Rectangle2D free = places.stream()
                .filter(place -> taken.stream().noneMatch(place::intersects))
                .findFirst()
                .orElse(places.get(0));
        taken.add(free);
        return free;
    }
}
