package org.dualform.report.words;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.report.Report;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.Answers;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/**
 * Tests that a missing value is a word in the table and that its reason stands below the table, wherever results are
 * shown.
 */
class UndefinedTest {
    private static final Absence NOTHING = new Absence.Incomparable(Absence.Cause.NOTHING_TO_COMPARE);

    private static Metric share(double value) {
        return Metric.of(MetricKind.SHARE, value, 40, new Interval(value - 0.1, value + 0.1, IntervalMethod.WILSON));
    }

    private static Results results(Map<String, Metric> metrics, RowStatus status, Absence... absence) {
        ResultRow row = new ResultRow(
                "m-d-s1",
                new CellId("m", "d", 1, 0, Arms.MAIN, "t"),
                new FittedShots(4, 4, 60),
                0.1,
                "predict",
                status,
                List.of(absence),
                metrics);
        List<SummaryRow> summary = List.of(new SummaryRow("m", "d", Arms.MAIN, 4, List.of(1), metrics));
        return new Results(
                1,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode(),
                List.of(row),
                summary,
                List.of(),
                Answers.of(summary, List.of()));
    }

    private static Map<String, Metric> metrics() {
        Map<String, Metric> metrics = new TreeMap<>();
        metrics.put("zsl.accuracy", share(0.5));
        metrics.put("icl.accuracy", share(0.6));
        metrics.put("ft.accuracy", share(0.5).with(new Caution.UndefinedAnswers(ScoredMethod.FT, 4, 40)));
        metrics.put("icl_minus_ft", share(0.1));
        metrics.put(
                "rec2ftp",
                Metric.undefined(
                        MetricKind.SHARE, new Absence.EmptyDenominator(Absence.Denominator.ERRORS_FIXED_BY_FT)));
        metrics.put("icl_ft.agreement", share(0.8));
        metrics.put("sim_aou", Metric.undefined(MetricKind.SIMILARITY, NOTHING));
        metrics.put("sim_aou.random", Metric.undefined(MetricKind.SIMILARITY, NOTHING));
        metrics.put("sim_am.delta", share(0.2).with(new Caution.UndefinedLayers(List.of(0))));
        return metrics;
    }

    private static String line(Report report, String contained) {
        return report.text()
                .lines()
                .filter(l -> l.startsWith("d ") && l.contains(contained))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theWordStandsInTheTableAndTheReasonBelow() {
        Report report = new Report(results(metrics(), RowStatus.OK));
        assertThat(line(report, "+10.0 [")).contains("undefined");
        assertThat(line(report, "SimAOU ")).contains("undefined");
        List<String> sentences = List.of(
                "FT on d (shots 4): 4 of 40 answers of ft undefined (scores not finite) and counted as wrong.",
                "Rec2FTP on d (shots 4): undefined, fine-tuning fixed no zero-shot error.",
                "SimAOU on d (shots 4): undefined in every layer: nothing to compare.",
                "SimAM, changes on d (shots 4): undefined in layer 0: nothing changes there.");
        String text = report.text().replaceAll("\\s+", " ");
        String markdown = report.markdown(Map.of());
        String html = report.html();
        for (String sentence : sentences) {
            assertThat(text).contains(sentence);
            assertThat(markdown).contains(sentence);
            assertThat(html).contains("<li>" + sentence);
        }
    }

    @Test
    void whatDivergedIsSaidOnce() {
        Map<String, Metric> metrics = metrics();
        Absence diverged = new Absence.Diverged(ScoredMethod.FT, 3);
        for (String name : List.of("ft.accuracy", "icl_minus_ft", "rec2ftp", "icl_ft.agreement"))
            metrics.put(name, Metric.undefined(MetricKind.SHARE, diverged));
        metrics.keySet().removeIf(name -> name.startsWith("sim_"));
        Report report = new Report(results(metrics, RowStatus.DIVERGED, diverged));
        assertThat(line(report, "60.0 [")).contains("diverged");
        assertThat(report.text()).contains("d · seed 1, shots 4: diverged (ft diverged at step 3).");
        assertThat(report.text()).doesNotContain("undefined");
    }

    @Test
    void whereNothingIsUndefinedNothingIsSaid() {
        Map<String, Metric> metrics = metrics();
        metrics.values()
                .removeIf(metric -> metric.value() == null || !metric.cautions().isEmpty());
        assertThat(new Report(results(metrics, RowStatus.OK)).text()).doesNotContain("undefined");
    }
}
