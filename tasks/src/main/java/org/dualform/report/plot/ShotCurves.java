package org.dualform.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy against the number of demonstrations. Each panel is a figure, in which each method is a line with its band. */
public final class ShotCurves {
    public static final int WIDTH = 640;
    public static final int HEIGHT = 400;
    private static final int SCALE = 2;
    /** Space beside the first and the last point, in distances of two points. */
    private static final double MARGIN = 0.25;

    /** More points than this leave no room for words under them. */
    private static final int FEW_POINTS = 8;

    private static final String FONT = Font.SANS_SERIF;

    private ShotCurves() {}

    /** An SVG document without any text of the data's. */
    public static byte[] svg(Panel panel) throws IOException {
        return ChartEncoder.getBytes(chart(panel, false), "svg");
    }

    /** All panels in one picture, two in each row, each with its title, at twice the size of the SVG. */
    public static byte[] png(List<Panel> panels) throws IOException {
        int columns = Math.min(2, Math.max(1, panels.size()));
        int rows = Math.max(1, (panels.size() + columns - 1) / columns);
        BufferedImage image =
                new BufferedImage(SCALE * columns * WIDTH, SCALE * rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(SCALE, SCALE);
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D place =
                    (Graphics2D) graphics.create((i % columns) * WIDTH, (i / columns) * HEIGHT, WIDTH, HEIGHT);
            chart(panels.get(i), true).paint(place, WIDTH, HEIGHT);
            place.dispose();
        }
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private static XYChart chart(Panel panel, boolean titled) {
        XYChart chart = new XYChart(WIDTH, HEIGHT);
        style(chart.getStyler(), panel);
        chart.setTitle(titled ? panel.title() : "");
        chart.getStyler().setChartTitleVisible(titled);
        chart.setXAxisTitle("demonstrations (shots)");
        chart.setYAxisTitle("accuracy (%)");
        chart.setCustomXAxisTickLabelsFormatter(position -> shotsAt(panel, position));
        for (Curve curve : panel.curves()) addBand(chart, panel, curve);
        for (Curve curve : panel.curves()) addLine(chart, panel, curve);
        return chart;
    }

    private static void addLine(XYChart chart, Panel panel, Curve curve) {
        double[] x = new double[panel.points().size()];
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            Metric metric = panel.points().get(i).metric(curve.metric());
            x[i] = i;
            y[i] = metric == null || metric.value() == null ? Double.NaN : 100 * metric.value();
        }
        XYSeries line = chart.addSeries(curve.plainName() + " (" + curve.shortName() + ")", x, y);
        line.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        CurveLook look = CurveLook.of(curve);
        line.setLineColor(look.color());
        line.setLineStyle(look.stroke());
        line.setMarker(look.marker());
        line.setMarkerColor(look.color());
    }

    /** Adds a polygon for every stretch of points that have an interval. */
    private static void addBand(XYChart chart, Panel panel, Curve curve) {
        List<double[]> stretch = new ArrayList<>();
        for (int i = 0; i <= panel.points().size(); i++) {
            Metric metric =
                    i == panel.points().size() ? null : panel.points().get(i).metric(curve.metric());
            Double low = metric == null ? null : metric.bandLow() == null ? metric.low() : metric.bandLow();
            Double high = metric == null ? null : metric.bandHigh() == null ? metric.high() : metric.bandHigh();
            if (low != null && high != null) {
                stretch.add(new double[] {i, 100 * low, 100 * high});
            } else if (!stretch.isEmpty()) {
                addPolygon(chart, curve, stretch);
                stretch = new ArrayList<>();
            }
        }
    }

    private static void addPolygon(XYChart chart, Curve curve, List<double[]> stretch) {
        if (stretch.size() == 1) widen(stretch);
        int count = stretch.size();
        double[] x = new double[2 * count + 1];
        double[] y = new double[x.length];
        for (int i = 0; i < count; i++) {
            x[i] = stretch.get(i)[0];
            y[i] = stretch.get(i)[2];
            x[2 * count - 1 - i] = stretch.get(i)[0];
            y[2 * count - 1 - i] = stretch.get(i)[1];
        }
        x[2 * count] = x[0];
        y[2 * count] = y[0];
        XYSeries band = chart.addSeries(curve.plainName() + " interval from " + x[0], x, y);
        band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        band.setFillColor(CurveLook.of(curve).bandColor());
        band.setLineStyle(new BasicStroke(0f));
        band.setLineColor(new Color(0, 0, 0, 0));
        band.setMarker(SeriesMarkers.NONE);
        band.setShowInLegend(false);
    }

    /** A single point's band would have no width. */
    private static void widen(List<double[]> stretch) {
        double[] only = stretch.get(0);
        stretch.set(0, new double[] {only[0] - 0.04, only[1], only[2]});
        stretch.add(new double[] {only[0] + 0.04, only[1], only[2]});
    }

    /** The label of a tick. Points are evenly spaced, since 0, 1, 2, 4, 8 would otherwise crowd at the left. */
    private static String shotsAt(Panel panel, double position) {
        int index = (int) Math.round(position);
        boolean onPoint = Math.abs(position - index) < 1e-6;
        // Beside the points nothing is drawn, but the library measures texts there and wants them to differ.
        if (!onPoint || index < 0 || index >= panel.points().size()) return Double.toString(position);
        Point point = panel.points().get(index);
        return panel.points().size() <= FEW_POINTS ? point.shownShots() : Integer.toString(point.shots());
    }

    private static void style(XYStyler styler, Panel panel) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(new Color(0xDDDDDD));
        styler.setPlotGridLinesStroke(new BasicStroke(1f));
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendSeriesLineLength(44);
        styler.setLegendFont(new Font(FONT, Font.PLAIN, 13));
        styler.setAxisTitleFont(new Font(FONT, Font.PLAIN, 13));
        styler.setAxisTickLabelsFont(new Font(FONT, Font.PLAIN, 12));
        styler.setChartTitleFont(new Font(FONT, Font.BOLD, 15));
        styler.setChartTitleBoxVisible(false);
        styler.setMarkerSize(8);
        int count = panel.points().size();
        double margin = count == 1 ? 3 * MARGIN : MARGIN;
        styler.setXAxisMin(-margin);
        styler.setXAxisMax(count - 1 + margin);
        // Just under the distance of two points, so that every point has a tick and nothing else has.
        styler.setXAxisTickMarkSpacingHint((int) (0.75 * WIDTH / (count - 1 + 2 * margin)));
        styler.setYAxisLabelAlignment(TextAlignment.Right);
        styler.setYAxisMin(0.0);
        styler.setYAxisMax(100.0);
        styler.setYAxisDecimalPattern("0");
    }
}
