package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dualform.report.panel.Evidence;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.report.plot.AccuracyFigures;
import org.dualform.report.plot.AgreementFigures;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.LayerFigures;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.Answers;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** Tests every figure with constructed data: it is well-formed, and no text of the data becomes markup. */
class FiguresTest {
    private static final String HOSTILE = "<script>alert(1)</script>";
    private static final int LAYERS = 8;
    private final SplittableRandom random = new SplittableRandom(3);

    private static Metric share(double value) {
        return Metric.of(
                MetricKind.SHARE,
                value,
                200,
                new Interval(Math.max(0, value - .06), Math.min(1, value + .06), IntervalMethod.BOOTSTRAP));
    }

    private static ResultRow row(String dataset, String arm, int shots) {
        Map<String, Metric> metrics = new TreeMap<>();
        double learned = arm.equals(Arms.MAIN) ? 1 : arm.equals("flip=0.5") ? .1 : -.6;
        metrics.put("zsl.accuracy", share(.5));
        metrics.put("icl.accuracy", share(.5 + .05 * shots * learned));
        metrics.put("ft.accuracy", share(.5 + .03 * shots * learned));
        metrics.put("icl_minus_ft", share(.02 * shots));
        metrics.put("icl_minus_zsl", share(.05 * shots));
        metrics.put("ft_minus_zsl", share(.03 * shots));
        metrics.put("zsl.tokens_per_query", Metric.cost(9));
        metrics.put("icl.tokens_per_query", Metric.cost(9 + 9 * shots));
        metrics.put("ft.tokens_per_query", Metric.cost(9));
        for (String name : List.of("sim_aou", "sim_am.delta")) {
            metrics.put(name, share(.2));
            metrics.put(name + ".random", share(.01));
            metrics.put(name + ".permuted", share(.1));
        }
        return new ResultRow(
                dataset + arm,
                new CellId("m", dataset, 1, 0, arm, "t"),
                new FittedShots(shots, shots, 1 + 9 * shots),
                .1,
                "predict",
                RowStatus.OK,
                List.of(),
                metrics);
    }

    private Results results() {
        List<ResultRow> rows = new ArrayList<>();
        for (String dataset : List.of(HOSTILE, "sst2"))
            for (String arm : List.of(Arms.MAIN, "flip=0.5", "flip=1"))
                for (int shots : List.of(0, 1, 2, 4, 8)) rows.add(row(dataset, arm, shots));
        List<SummaryRow> summary = rows.stream()
                .map(r -> new SummaryRow("m", r.dataset(), r.arm(), r.shots(), List.of(1), r.metrics()))
                .toList();
        JsonNodeFactory json = JsonNodeFactory.instance;
        return new Results(
                1, json.objectNode(), json.objectNode(), rows, summary, List.of(), Answers.of(summary, List.of()));
    }

    private Evidence evidence() {
        List<ExampleLine> examples = new ArrayList<>();
        List<LayerSimilarity> layers = new ArrayList<>();
        for (String dataset : List.of(HOSTILE, "sst2")) {
            for (int i = 0; i < 100; i++)
                examples.add(new ExampleLine(
                        dataset + Arms.MAIN, 8, HOSTILE + i, i % 3, random.nextInt(3), i % 3, i % 2, null, null, null));
            for (String metric : List.of("sim_aou", "sim_am", "sim_aou.random", "sim_am.before_ft"))
                layers.add(layers(dataset, metric));
        }
        return new Evidence(examples, layers);
    }

    private LayerSimilarity layers(String dataset, String metric) {
        List<Double> means = new ArrayList<>();
        List<List<Double>> values = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            double centre = metric.endsWith("random") ? .01 : .1 + .08 * layer;
            means.add(centre);
            List<Double> here = new ArrayList<>();
            for (int i = 0; i < 50; i++) here.add(centre + .1 * random.nextGaussian());
            values.add(here);
        }
        return new LayerSimilarity(
                dataset + Arms.MAIN,
                new CellId("m", dataset, 1, 0, Arms.MAIN, "t"),
                8,
                metric,
                means,
                List.of(),
                List.of(),
                values);
    }

    private static List<Figure> all(Results results, Evidence evidence) {
        List<Panel> panels = Panel.of(results);
        List<Figure> figures = new ArrayList<>();
        for (Panel panel : panels) {
            if (!panel.isMain()) continue;
            figures.add(AccuracyFigures.cost(panel).orElseThrow());
            figures.add(AccuracyFigures.flips(panel.dataset(), panels).orElseThrow());
            figures.add(LayerFigures.boxes(panel.dataset(), evidence).orElseThrow());
        }
        results.answers()
                .forEach(answer -> figures.add(
                        AgreementFigures.of(answer, results, evidence).orElseThrow()));
        figures.addAll(LayerFigures.heatMaps(List.of(HOSTILE, "sst2"), evidence));
        return figures;
    }

    @Test
    void everyFigureIsWellFormedAndHoldsNoText() throws Exception {
        List<Figure> figures = all(results(), evidence());
        assertThat(figures).hasSize(2 * 3 + 2 + 2);
        DocumentBuilderFactory parser = DocumentBuilderFactory.newInstance();
        parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        for (Figure figure : figures) {
            byte[] svg = figure.picture().svg();
            parser.newDocumentBuilder().parse(new ByteArrayInputStream(svg));
            assertThat(new String(svg, StandardCharsets.UTF_8)).doesNotContain("script", "alert", "<text");
        }
    }

    @Test
    void theReportHoldsThemAllWithoutMarkupOfTheData() throws Exception {
        String html = new Report(results(), evidence()).html();
        assertThat(html.split("<img ", -1)).hasSize(1 + 6 + 10); // six shot curves, with those of the controls
        assertThat(html).doesNotContainIgnoringCase("<script").contains("&lt;script&gt;");
        assertThat(html).contains("Similarities beside their controls", "other rows&#39; updates");
        String kept = System.getProperty("dualform.keep-report", "");
        if (!kept.isEmpty()) Files.writeString(Path.of(kept), html);
    }

    @Test
    void thePicturesForPreviewShowEveryDataSet() throws Exception {
        byte[] layers = new Report(results(), evidence()).alikePng().orElseThrow();
        assertThat(ImageIO.read(new ByteArrayInputStream(layers)).getWidth()).isEqualTo(2560);
        Evidence examples = new Evidence(evidence().examples(), List.of());
        assertThat(new Report(results(), examples).alikePng()).isPresent();
        assertThat(new Report(results()).alikePng()).isEmpty();
    }

    @Test
    void whatWasNotMeasuredHasNoFigure() {
        Panel empty = new Panel(
                "d",
                Arms.MAIN,
                null,
                false,
                false,
                List.of(1),
                List.of(new Point(4, List.of(4), List.of(9), Map.of())));
        assertThat(AccuracyFigures.cost(empty)).isEmpty();
        assertThat(AccuracyFigures.flips("d", List.of(empty))).isEmpty();
        assertThat(LayerFigures.boxes("d", Evidence.NONE)).isEmpty();
        assertThat(LayerFigures.heatMaps(List.of("d"), Evidence.NONE)).isEmpty();
    }
}
