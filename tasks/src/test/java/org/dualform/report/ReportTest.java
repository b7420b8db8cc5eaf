package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.Answers;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String HOSTILE = "<script>alert(1)</script>\"'`|<img src=x onerror=alert(2)>";

    private static Metric share(double value) {
        return Metric.of(
                MetricKind.SHARE,
                value,
                200,
                new Interval(Math.max(0, value - 0.06), Math.min(1, value + 0.06), IntervalMethod.WILSON));
    }

    private static ResultRow row(String dataset, int shots, RowStatus status, Absence... absence) {
        Map<String, Metric> metrics = new TreeMap<>();
        if (status != RowStatus.MISSING) {
            metrics.put("zsl.accuracy", share(0.5));
            metrics.put("icl.accuracy", share(0.5 + 0.05 * shots));
            metrics.put("icl_minus_zsl", share(0.05 * shots));
            if (status == RowStatus.OK) {
                metrics.put("ft.accuracy", share(0.5 + 0.03 * shots));
                metrics.put("ft_minus_zsl", share(0.03 * shots));
                metrics.put("icl_minus_ft", share(0.02 * shots));
            } else {
                metrics.put("ft.accuracy", Metric.undefined(MetricKind.SHARE, absence));
            }
        }
        return new ResultRow(
                "m-" + dataset + "-s1",
                new CellId("m", dataset, 1, 0, Arms.MAIN, "generic"),
                status == RowStatus.MISSING
                        ? FittedShots.unknown(shots)
                        : new FittedShots(shots, Math.min(shots, 6), 1 + 20 * Math.min(shots, 6)),
                0.002,
                "predict",
                status,
                List.of(absence),
                metrics);
    }

    private static Results results(String dataset, RowStatus last, Absence... absence) {
        List<ResultRow> rows = new ArrayList<>();
        for (int shots : List.of(0, 1, 2, 4)) rows.add(row(dataset, shots, RowStatus.OK));
        rows.add(row(dataset, 8, last, absence));
        List<SummaryRow> summary = rows.stream()
                .map(row -> new SummaryRow("m", dataset, Arms.MAIN, row.shots(), List.of(1), row.metrics()))
                .toList();
        ObjectNode spec =
                JsonNodeFactory.instance.objectNode().put("model", "m").put("learning_rate", "auto");
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        provenance.withArray("warnings").add("A warning of the plan: " + dataset);
        return new Results(1, spec, provenance, rows, summary, List.of(), Answers.of(summary, List.of()));
    }

    @Test
    void theTableIsAligned() {
        List<String> lines =
                new Report(results("sst2", RowStatus.OK)).text().lines().toList();
        int head = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).startsWith("data set"))
                .findFirst()
                .orElseThrow();
        assertThat(lines.get(head)).contains("Rec2FTP").endsWith("n");
        assertThat(lines.get(head + 2)).contains("sst2", "50.0 [44.0, 56.0]");
        assertThat(lines.get(head + 6))
                .contains("8 (6 fit)", "90.0 [84.0, 96.0]", "+16.0 [+10.0, +22.0]")
                .endsWith("200");
        for (int i = head + 1; i < head + 7; i++)
            assertThat(lines.get(i)).hasSize(lines.get(head).length());
    }

    @Test
    void eachMethodsOwnNumberOfCasesStandsInTheTable() {
        Results whole = results("sst2", RowStatus.OK);
        Metric half = Metric.of(MetricKind.SHARE, .74, 100, new Interval(.65, .82, IntervalMethod.WILSON));
        List<SummaryRow> summary = new ArrayList<>(whole.summary());
        SummaryRow last = summary.get(4);
        Map<String, Metric> metrics = new TreeMap<>(last.metrics());
        metrics.put("ft.accuracy", half);
        summary.set(4, last.withMetrics(metrics));
        Results made = new Results(
                1, whole.spec(), whole.provenance(), whole.rows(), summary, whole.selection(), whole.answers());
        List<String> lines = new Report(made)
                .text(160)
                .lines()
                .filter(line -> line.startsWith("sst2  "))
                .toList();
        assertThat(lines.get(3)).endsWith("    200");
        assertThat(lines.get(4)).endsWith("  200, FT 100");
    }

    @Test
    void aRateAtTheEdgeOfThoseTriedIsMarkedAndTold() {
        ChosenRate other = new ChosenRate("m", "sst2", "ft=adam", .002, ChosenRate.Place.LOWEST, .002, .3);
        assertThat(edged(other)).doesNotContain("sst2 †").contains("On sst2 · ft=adam the learning rate 0.002 is the");
        String highest = edged(new ChosenRate("m", "sst2", Arms.MAIN, .002, ChosenRate.Place.HIGHEST, 1e-4, .002));
        assertThat(highest)
                .startsWith("sst2 †: PROMPT.")
                .contains("† On sst2 the learning rate 0.002 is the highest of those tried (0.0001 to 0.002):"
                        + " fine-tuning may do better at a higher one.");
        assertThat(edged(new ChosenRate("m", "sst2", Arms.MAIN, .002, ChosenRate.Place.ALL_DIVERGED, .002, .3)))
                .contains(
                        "† On sst2 fine-tuning diverged or was unstable at each learning rate of those tried (0.002 to 0.3)");
        assertThat(edged(new ChosenRate("m", "sst2", Arms.MAIN, .002, ChosenRate.Place.INSIDE, 1e-4, .3)))
                .doesNotContain("†");
    }

    private static String edged(ChosenRate rate) {
        Results made = results("sst2", RowStatus.OK);
        Results with = new Results(
                1,
                made.spec(),
                made.provenance(),
                made.rows(),
                made.summary(),
                made.selection(),
                made.answers(),
                List.of(rate));
        return new Report(with).text().replaceAll("\\s+", " ");
    }

    @Test
    void theAnswerComesFirstInTheSameWordsEverywhere() {
        Report report = new Report(results("sst2", RowStatus.OK));
        String claim =
                "At 8 (6 fit) shots prompting is right more often than fine-tuning, 90.0 against 74.0 %, by +16.0 [+10.0, +22.0] points"
                        + " (n = 200). Zero-shot: 50.0 %; both are shown to beat it.";
        assertThat(report.text().replaceAll("\\s+", " ")).startsWith("sst2: PROMPT. " + claim);
        assertThat(report.markdown(Map.of())).startsWith("- **sst2: prompt.** At 8 (6 fit) shots");
        String page = report.html().replace('\u00a0', ' ');
        assertThat(page).contains("<span class=\"word\">prompt</span>", claim);
        assertThat(page.indexOf(claim)).isLessThan(page.indexOf("<h2>Results"));
    }

    @Test
    void noLineOfThePageEndsWithinAnInterval() {
        assertThat(new Report(results("sst2", RowStatus.OK)).html())
                .contains("74.0\u00a0%, by +16.0 [+10.0,\u00a0+22.0] points");
    }

    @Test
    void whereFineTuningDivergedTheAnswerIsGivenBeforeThat() {
        assertThat(new Report(results("sst2", RowStatus.DIVERGED, new Absence.Diverged(ScoredMethod.FT, 3))).text())
                .contains("sst2: PROMPT. At 4 shots")
                .contains("sst2 · seed 1, shots 8: diverged (ft diverged at step 3).");
    }

    @Test
    void whatIsMissingComesFirst() {
        String html = new Report(results("sst2", RowStatus.MISSING, new Absence.Failed("infer failed"))).html();
        assertThat(html.indexOf("sst2 · seed 1, shots 8: missing (infer failed)"))
                .isPositive()
                .isLessThan(html.indexOf("class=\"answers\""));
        String markdown =
                new Report(results("sst2", RowStatus.MISSING, new Absence.Failed("infer failed"))).markdown(Map.of());
        assertThat(markdown).startsWith("**Not everything is there:**");
    }

    @Test
    void nothingOfTheDataIsMarkup() throws Exception {
        Report report = new Report(results(HOSTILE, RowStatus.MISSING, new Absence.Failed(HOSTILE)));
        String html = report.html();
        assertThat(html).doesNotContainIgnoringCase("<script").doesNotContain("<img src=x", "onerror=alert(2)>");
        assertThat(html).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        assertThat(html.split("<img ", -1).length).isEqualTo(html.split("src=\"data:image/svg", -1).length);
        assertThat(html).doesNotContainPattern("(?i)(src|href)=\"(?!data:image/svg)");
        assertThat(report.markdown(Map.of("[x](y)", "http://a/<b> c")))
                .doesNotContain("<script", "<img")
                .contains("](<http://a/%3Cb%3E%20c>)");
        assertThat(new Report(results("a\u001b[31mb\n", RowStatus.OK)).text()).doesNotContain("\u001b");
    }

    @Test
    void theFigureIsWellFormedAndHoldsEveryCurve() throws Exception {
        Matcher figure =
                Pattern.compile("base64,([^\"]+)\"").matcher(new Report(results(HOSTILE, RowStatus.OK)).html());
        assertThat(figure.find()).isTrue();
        String svg = new String(Base64.getDecoder().decode(figure.group(1)), StandardCharsets.UTF_8);
        DocumentBuilderFactory parser = DocumentBuilderFactory.newInstance();
        parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        parser.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        // Each curve by its colour, as a band and as a line; the text is drawn as outlines.
        for (String color : List.of("rgb(89,89,89)", "rgb(0,114,178)", "rgb(213,94,0)"))
            assertThat(svg).contains("fill:" + color + ";fill-opacity", "stroke:" + color);
        assertThat(svg).doesNotContain("script", "alert");
    }

    @Test
    void thePictureShowsEveryDataSet() throws Exception {
        Results one = results("a", RowStatus.OK);
        Results two = results("b", RowStatus.DIVERGED, new Absence.Diverged(ScoredMethod.FT, 2));
        List<ResultRow> rows = new ArrayList<>(one.rows());
        rows.addAll(two.rows());
        List<SummaryRow> summary = new ArrayList<>(one.summary());
        summary.addAll(two.summary());
        byte[] png = new Report(new Results(1, one.spec(), one.provenance(), rows, summary, List.of(), List.of()))
                .png()
                .orElseThrow();
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(2560);
    }

    @Test
    void aStudyWithoutAnyValueStillHasAReport() {
        Results none = new Results(
                1,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode(),
                List.of(row("d", 4, RowStatus.MISSING, new Absence.Failed("all failed"))),
                List.of(),
                List.of(),
                List.of());
        Report report = new Report(none);
        assertThat(report.png()).isEmpty();
        assertThat(report.html()).contains("No cell of this data set has a value");
        assertThat(report.text()).contains("shots 4: missing (all failed)");
    }
}
