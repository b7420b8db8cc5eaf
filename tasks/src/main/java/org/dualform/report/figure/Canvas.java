package org.dualform.report.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** Lines, boxes, marks and text, in pixels from the top left. */
public final class Canvas {
    /** The colour of text and frames. */
    static final Color INK = new Color(0x1A1A1A);
    /** The colour of lines that are there for orientation only. */
    static final Color FAINT = new Color(0xDDDDDD);

    static final Color GREY = new Color(0x595959);
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    /** How text lies to its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final Graphics2D graphics;

    Canvas(Graphics2D graphics) {
        this.graphics = graphics;
    }

    void line(double x1, double y1, double x2, double y2, Color color, float width, float... dashes) {
        graphics.setColor(color);
        graphics.setStroke(stroke(width, dashes));
        graphics.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    void polyline(double[] x, double[] y, Color color, float width, float... dashes) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < x.length; i++) {
            if (i == 0) path.moveTo(x[i], y[i]);
            else path.lineTo(x[i], y[i]);
        }
        graphics.setColor(color);
        graphics.setStroke(stroke(width, dashes));
        graphics.draw(path);
    }

    void fill(double x, double y, double width, double height, Color color) {
        graphics.setColor(color);
        graphics.fill(new Rectangle2D.Double(x, y, width, height));
    }

    void frame(double x, double y, double width, double height, Color color) {
        graphics.setColor(color);
        graphics.setStroke(stroke(1.2f));
        graphics.draw(new Rectangle2D.Double(x, y, width, height));
    }

    void mark(Mark mark, double x, double y, double size, Color color) {
        double half = size / 2;
        graphics.setColor(color);
        switch (mark) {
            case CIRCLE -> graphics.fill(new Ellipse2D.Double(x - half, y - half, size, size));
            case SQUARE -> graphics.fill(new Rectangle2D.Double(x - half, y - half, size, size));
            case DIAMOND -> {
                Path2D path = new Path2D.Double();
                path.moveTo(x, y - half * 1.3);
                path.lineTo(x + half * 1.3, y);
                path.lineTo(x, y + half * 1.3);
                path.lineTo(x - half * 1.3, y);
                path.closePath();
                graphics.fill(path);
            }
        }
    }

    /** @param y of the base line */
    void text(String text, double x, double y, Anchor anchor, Color color) {
        text(text, x, y, anchor, color, 1);
    }

    void text(String text, double x, double y, Anchor anchor, Color color, double size) {
        double width = size * width(text);
        double left = anchor == Anchor.START ? x : anchor == Anchor.MIDDLE ? x - width / 2 : x - width;
        AffineTransform place = AffineTransform.getTranslateInstance(left, y);
        place.scale(size, size);
        graphics.setColor(color);
        graphics.fill(place.createTransformedShape(outline(text)));
    }

    /** Text that reads upwards, centred at {@code y}. */
    void upwards(String text, double x, double y) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y + width(text) / 2);
        place.rotate(-Math.PI / 2);
        graphics.setColor(INK);
        graphics.fill(place.createTransformedShape(outline(text)));
    }

    static double width(String text) {
        return glyphs(text).getLogicalBounds().getWidth();
    }

    private static Shape outline(String text) {
        return glyphs(text).getOutline();
    }

    private static GlyphVector glyphs(String text) {
        return FONT.createGlyphVector(CONTEXT, text);
    }

    private static BasicStroke stroke(float width, float... dashes) {
        return dashes.length == 0
                ? new BasicStroke(width)
                : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, dashes, 0f);
    }
}
