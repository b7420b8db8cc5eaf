package org.dualform.report.figure;

import java.awt.Color;

/**
 * How a series is drawn: colours of Okabe and Ito's palette, which people with colour vision deficiency tell apart, and
 * another mark and line style for print.
 */
public enum Look {
    ZSL(0x595959, Mark.SQUARE, 2f, 4f),
    ICL(0x0072B2, Mark.CIRCLE, 0, 0),
    FT(0xD55E00, Mark.DIAMOND, 9f, 5f),
    /** Of the studies in a comparison, the first and the next ones. */
    STUDY_1(0x0072B2, Mark.CIRCLE, 0, 0),
    STUDY_2(0xD55E00, Mark.DIAMOND, 9f, 5f),
    STUDY_3(0x009E73, Mark.SQUARE, 2f, 4f),
    STUDY_4(0xCC79A7, Mark.CIRCLE, 9f, 5f),
    STUDY_5(0x000000, Mark.DIAMOND, 2f, 4f);

    private final int rgb;
    private final Mark mark;
    private final float on;
    private final float off;

    /** No dash is a full line. */
    Look(int rgb, Mark mark, float on, float off) {
        this.rgb = rgb;
        this.mark = mark;
        this.on = on;
        this.off = off;
    }

    Color color() {
        return new Color(rgb);
    }

    Mark mark() {
        return mark;
    }

    float[] dashes() {
        return on == 0 ? new float[0] : new float[] {on, off};
    }

    void sample(Canvas canvas, double x, double y) {
        canvas.line(x, y, x + 28, y, color(), 2.2f, dashes());
        canvas.mark(mark, x + 14, y, 8, color());
    }
}
