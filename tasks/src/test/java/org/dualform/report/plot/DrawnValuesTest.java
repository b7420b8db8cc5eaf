package org.dualform.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dualform.report.panel.Evidence;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.report.plot.DrawnSvg.Pixel;
import org.dualform.report.plot.DrawnSvg.Shape;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.Verdict;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** Every figure shows the values that it was given: they are read back from the drawing. */
class DrawnValuesTest {
    private static final List<Integer> SHOTS = List.of(0, 1, 2, 4);
    private static final double[] ICL = {.50, .62, .71, .90};
    private static final double[] FT = {.50, .41, .55, .58};
    private static final double[] ICL_TOKENS = {0, 1.5, 2.5, 4.5};
    private static final double[] FT_TOKENS = {0, 3, 6, 9};
    /** A tenth of a pixel is about this much of a percent, or of a token. */
    private static final Offset<Double> EXACTLY = within(.05);
    /** The chart library puts its grid lines half a pixel beside their values. */
    private static final Offset<Double> NEARLY = within(.2);

    private static Metric accuracy(double value) {
        return Metric.of(MetricKind.SHARE, value, 200, new Interval(value - .03, value + .05, IntervalMethod.WILSON));
    }

    private static Panel panel(String arm, double[] icl, double[] ft) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < SHOTS.size(); i++) {
            Map<String, Metric> metrics = new TreeMap<>();
            metrics.put("zsl.accuracy", accuracy(.5));
            metrics.put("icl.accuracy", accuracy(icl[i]));
            metrics.put("ft.accuracy", accuracy(ft[i]));
            metrics.put("zsl.tokens_per_query", Metric.cost(1));
            metrics.put("icl.tokens_per_query", Metric.cost(ICL_TOKENS[i]));
            metrics.put("ft.tokens_per_query", Metric.cost(FT_TOKENS[i]));
            points.add(new Point(SHOTS.get(i), List.of(SHOTS.get(i)), List.of(), metrics));
        }
        return new Panel("sst2", arm, null, false, false, List.of(1), points);
    }

    private static Panel main() {
        return panel(Arms.MAIN, ICL, FT);
    }

    @Test
    void aShotCurveGoesThroughItsAccuracies() throws Exception {
        DrawnSvg drawn = new DrawnSvg(ShotCurves.svg(main()));
        double distance = 0;
        for (Map.Entry<String, double[]> curve :
                Map.of(DrawnSvg.ICL, ICL, DrawnSvg.FT, FT).entrySet()) {
            List<Pixel> marks = drawn.marks(curve.getKey());
            assertThat(marks).hasSize(SHOTS.size());
            if (distance == 0) distance = marks.get(1).x() - marks.get(0).x();
            for (int i = 0; i < marks.size(); i++) {
                assertThat(drawn.value(marks.get(i).y(), 0, 100)).isCloseTo(100 * curve.getValue()[i], NEARLY);
                assertThat(marks.get(i).x() - marks.get(0).x())
                        .as("evenly spaced, in the order of shots")
                        .isCloseTo(i * distance, within(.01));
            }
        }
        assertThat(distance).isGreaterThan(50);
    }

    @Test
    void aBandHoldsBothEndsOfEveryInterval() throws Exception {
        DrawnSvg drawn = new DrawnSvg(ShotCurves.svg(main()));
        List<Pixel> marks = drawn.marks(DrawnSvg.ICL);
        Shape band = drawn.shapes().stream()
                .filter(s -> s.fill().equals(DrawnSvg.ICL) && s.opacity() < 1)
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < ICL.length; i++) {
            double x = marks.get(i).x();
            List<Double> ends = band.points().stream()
                    .filter(p -> Math.abs(p.x() - x) < .01)
                    .map(p -> drawn.value(p.y(), 0, 100))
                    .sorted()
                    .toList();
            assertThat(ends.get(0)).isCloseTo(100 * (ICL[i] - .03), NEARLY);
            assertThat(ends.get(ends.size() - 1)).isCloseTo(100 * (ICL[i] + .05), NEARLY);
        }
    }

    @Test
    void costStandsBelowAccuracy() throws Exception {
        DrawnSvg drawn = new DrawnSvg(
                AccuracyFigures.cost(main()).orElseThrow().picture().svg());
        double most = 9 * 1.08;
        for (int i = 1; i < SHOTS.size(); i++) {
            assertPoint(drawn, DrawnSvg.ICL, i - 1, 0, most, ICL_TOKENS[i], ICL[i]);
            assertPoint(drawn, DrawnSvg.FT, i - 1, 0, most, FT_TOKENS[i], FT[i]);
        }
        assertPoint(drawn, DrawnSvg.ZSL, 0, 0, most, 1, .5);
    }

    @Test
    void accuracyStandsOverTheShareOfWrongLabels() throws Exception {
        double[] half = {.5, .5, .5, .56};
        double[] all = {.5, .4, .3, .21};
        List<Panel> panels = List.of(main(), panel("flip=0.5", half, half), panel("flip=1", all, all));
        DrawnSvg drawn = new DrawnSvg(
                AccuracyFigures.flips("sst2", panels).orElseThrow().picture().svg());
        double[] icl = {.90, .56, .21};
        double[] ft = {.58, .56, .21};
        for (int i = 0; i < icl.length; i++) {
            assertPoint(drawn, DrawnSvg.ICL, i, -3, 103, 50 * i, icl[i]);
            assertPoint(drawn, DrawnSvg.FT, i, -3, 103, 50 * i, ft[i]);
        }
    }

    /** @param index among the marks of that colour, from the left */
    private static void assertPoint(
            DrawnSvg drawn, String color, int index, double x0, double x1, double x, double accuracy) {
        Pixel mark = drawn.marks(color).get(index);
        assertThat(drawn.value(mark.y(), 0, 100)).isCloseTo(100 * accuracy, EXACTLY);
        Shape axis = drawn.shapes().stream()
                .filter(s -> s.stroke().equals(DrawnSvg.ZSL) && s.top() == s.bottom() && s.right() - s.left() > 300)
                .findFirst()
                .orElseThrow();
        double shown = x0 + (mark.x() - axis.left()) / (axis.right() - axis.left()) * (x1 - x0);
        assertThat(shown).isCloseTo(x, EXACTLY);
        Shape interval = drawn.shapes().stream()
                .filter(s -> s.stroke().equals(color) && s.strokeWidth() == 1.4)
                .filter(s -> s.left() == s.right() && Math.abs(s.left() - mark.x()) < .01)
                .filter(s -> s.top() <= mark.y() && s.bottom() >= mark.y())
                .findFirst()
                .orElseThrow();
        assertThat(drawn.value(interval.bottom(), 0, 100)).isCloseTo(100 * (accuracy - .03), EXACTLY);
        assertThat(drawn.value(interval.top(), 0, 100)).isCloseTo(100 * (accuracy + .05), EXACTLY);
    }

    private static LayerSimilarity similarity(String metric, double... values) {
        List<Double> means = new ArrayList<>();
        List<List<Double>> raw = new ArrayList<>();
        for (int layer = 0; layer < 3; layer++) {
            means.add(values[0] + .1 * layer);
            List<Double> here = new ArrayList<>();
            for (double value : values) here.add(value + .1 * layer);
            raw.add(here);
        }
        return new LayerSimilarity(
                "c",
                new CellId("m", "sst2", 1, 0, Arms.MAIN, "t"),
                4,
                metric,
                means,
                List.of(),
                List.of(),
                metric.equals("sim_aou.random") ? List.of() : raw);
    }

    /** Of .2 to .6 by tenths: quartiles .3 and .5, median .4; the floor .02 apart. */
    @Test
    void aBoxStandsAtItsQuartilesAndTheFloorAtItsMean() throws Exception {
        Evidence evidence = new Evidence(
                List.of(), List.of(similarity("sim_aou", .4, .2, .3, .5, .6), similarity("sim_aou.random", .02)));
        DrawnSvg drawn = new DrawnSvg(
                LayerFigures.boxes("sst2", evidence).orElseThrow().picture().svg());
        List<Shape> boxes = byPlace(drawn.shapes().stream()
                .filter(s -> s.tag().equals("rect") && s.stroke().equals(DrawnSvg.ICL))
                .toList());
        List<Shape> medians = byPlace(drawn.shapes().stream()
                .filter(s -> s.stroke().equals(DrawnSvg.ICL) && s.strokeWidth() == 2.4)
                .toList());
        List<Shape> floors = byPlace(drawn.shapes().stream()
                .filter(s -> s.stroke().equals(DrawnSvg.ZSL) && s.strokeWidth() == 2)
                .toList());
        assertThat(boxes).hasSize(3);
        for (int layer = 0; layer < 3; layer++) {
            double up = .1 * layer;
            assertThat(drawn.value(boxes.get(layer).bottom(), 0, 1)).isCloseTo(.3 + up, within(.001));
            assertThat(drawn.value(boxes.get(layer).top(), 0, 1)).isCloseTo(.5 + up, within(.001));
            assertThat(drawn.value(medians.get(layer).top(), 0, 1)).isCloseTo(.4 + up, within(.001));
            assertThat(drawn.value(floors.get(layer).top(), 0, 1)).isCloseTo(.02 + up, within(.001));
            double middle = boxes.get(layer).middle().x();
            assertThat(medians.get(layer).middle().x()).isCloseTo(middle, within(.01));
            assertThat(floors.get(layer).middle().x()).isCloseTo(middle, within(.01));
        }
        List<Shape> whiskers = drawn.shapes().stream()
                .filter(s -> s.tag().equals("line") && s.stroke().equals(DrawnSvg.ICL) && s.strokeWidth() == 1.2)
                .filter(s -> Math.abs(s.left() - boxes.get(0).middle().x()) < .01)
                .toList();
        assertThat(whiskers.stream()
                        .mapToDouble(s -> drawn.value(s.bottom(), 0, 1))
                        .min())
                .hasValueCloseTo(.2, within(.001));
        assertThat(whiskers.stream()
                        .mapToDouble(s -> drawn.value(s.top(), 0, 1))
                        .max())
                .hasValueCloseTo(.6, within(.001));
    }

    private static List<Shape> byPlace(List<Shape> shapes) {
        return shapes.stream().sorted(Comparator.comparingDouble(Shape::left)).toList();
    }

    /** The shade of a field is linear in its value: 247 of red is none of it, 0 is all. */
    private static double[][] shades(DrawnSvg drawn, int rows, int columns) {
        List<Shape> fields = drawn.shapes().stream()
                .filter(s -> s.tag().equals("rect") && s.bottom() - s.top() == 29)
                .sorted(Comparator.comparingDouble(Shape::top).thenComparingDouble(Shape::left))
                .toList();
        assertThat(fields).hasSize(rows * columns);
        double[][] shades = new double[rows][columns];
        for (int i = 0; i < fields.size(); i++) {
            String red = fields.get(i).fill().substring("rgb(".length()).split(",")[0];
            shades[i / columns][i % columns] = (247 - Double.parseDouble(red)) / 247;
        }
        return shades;
    }

    @Test
    void aLayersFieldIsAsDarkAsItsMean() throws Exception {
        Evidence evidence = new Evidence(List.of(), List.of(similarity("sim_aou", .4, .2, .6)));
        List<Figure> figures = LayerFigures.heatMaps(List.of("sst2"), evidence);
        assertThat(figures).hasSize(1);
        double[] shades = shades(new DrawnSvg(figures.get(0).picture().svg()), 1, 3)[0];
        double[] means = {.4, .5, .6};
        for (int layer = 0; layer < 3; layer++) assertThat(shades[layer]).isCloseTo(means[layer] / .6, within(.003));
    }

    /** Of ten rows ZSL is right in 5, ICL in 8 and FT in 6, each in the first ones. */
    @Test
    void aFieldIsAsDarkAsTwoAgree() throws Exception {
        int[] right = {5, 8, 6, 10};
        List<ExampleLine> lines = new ArrayList<>();
        for (int i = 0; i < 10; i++)
            lines.add(new ExampleLine(
                    "c",
                    4,
                    "r" + i,
                    0,
                    i < right[0] ? 0 : 1,
                    i < right[1] ? 0 : 1,
                    i < right[2] ? 0 : 1,
                    null,
                    null,
                    null));
        ResultRow row = new ResultRow(
                "c",
                new CellId("m", "sst2", 1, 0, Arms.MAIN, "t"),
                new FittedShots(4, 4, 40),
                .1,
                "predict",
                RowStatus.OK,
                List.of(),
                Map.of());
        Results results = new Results(
                1,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode(),
                List.of(row),
                List.of(),
                List.of(),
                List.of());
        Answer answer = new Answer("m", "sst2", 4, Answer.SELECTION, ScoredMethod.ICL, Verdict.PROMPT, null, 1, null);
        DrawnSvg drawn = new DrawnSvg(AgreementFigures.of(answer, results, new Evidence(lines, List.of()))
                .orElseThrow()
                .picture()
                .svg());
        double[][] shades = shades(drawn, 4, 4);
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < 4; b++)
                assertThat(shades[a][b])
                        .as(a + " and " + b)
                        .isCloseTo(1 - Math.abs(right[a] - right[b]) / 10.0, within(.003));
        }
    }
}
