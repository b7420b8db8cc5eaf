package org.dualform.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import org.dualform.report.panel.Curve;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How a curve is drawn. Colours are from Okabe and Ito's palette, which people with colour vision deficiency tell apart;
 * line style and marker differ as well, for print.
 */
record CurveLook(Color color, BasicStroke stroke, Marker marker) {
    private static final float LINE = 2.4f;
    private static final int BAND_ALPHA = 40;

    static CurveLook of(Curve curve) {
        return switch (curve) {
            case ZSL -> new CurveLook(new Color(0x595959), dashes(2f, 5f), SeriesMarkers.NONE);
            case ICL -> new CurveLook(new Color(0x0072B2), new BasicStroke(LINE), SeriesMarkers.CIRCLE);
            case FT -> new CurveLook(new Color(0xD55E00), dashes(9f, 5f), SeriesMarkers.DIAMOND);
        };
    }

    /** The colour of its interval, through which the others are seen. */
    Color bandColor() {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA);
    }

    private static BasicStroke dashes(float on, float off) {
        return new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {on, off}, 0f);
    }
}
