package org.dualform.report.words;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.CellId;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.result.Verdict;
import org.dualform.score.study.Answers;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** Tests the sentence for every answer, from the content of the summary. */
class FindingTest {
    private final Map<String, Metric> metrics = new HashMap<>();

    private static Metric metric(double value, double low, double high) {
        return Metric.of(MetricKind.SHARE, value, 300, new Interval(low, high, IntervalMethod.BOOTSTRAP_EXAMPLES));
    }

    private static Metric cost(double value) {
        return Metric.cost(value);
    }

    FindingTest() {
        metrics.put("zsl.accuracy", metric(.5, .45, .55));
        metrics.put("icl.accuracy", metric(.7, .65, .75));
        metrics.put("ft.accuracy", metric(.6, .55, .65));
        metrics.put("icl_minus_zsl", metric(.2, .1, .3));
        metrics.put("ft_minus_zsl", metric(.1, .05, .15));
        difference(.1, .05, .15);
    }

    private void difference(double value, double low, double high) {
        metrics.put("icl_minus_ft", metric(value, low, high).withP(.01));
    }

    private static SummaryRow summary(String dataset, Map<String, Metric> metrics) {
        return new SummaryRow("m", dataset, Arms.MAIN, 4, List.of(1, 2, 3), Map.copyOf(metrics));
    }

    private static List<ResultRow> rows(String dataset, Map<String, Metric> metrics) {
        return List.of(1, 2, 3).stream()
                .map(seed -> new ResultRow(
                        dataset + seed,
                        new CellId("m", dataset, seed, 0, Arms.MAIN, "t"),
                        new FittedShots(4, 4, 30),
                        .1,
                        "predict",
                        RowStatus.OK,
                        List.of(),
                        Map.copyOf(metrics)))
                .toList();
    }

    private Finding finding(SelectionCurve... curves) {
        List<SummaryRow> summary = List.of(summary("d", metrics));
        return Finding.of(results(rows("d", metrics), summary, List.of(curves)), panels(rows("d", metrics), summary))
                .get(0);
    }

    private static Results results(List<ResultRow> rows, List<SummaryRow> summary, List<SelectionCurve> curves) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return new Results(1, json.objectNode(), json.objectNode(), rows, summary, curves, Answers.of(summary, curves));
    }

    private static List<Panel> panels(List<ResultRow> rows, List<SummaryRow> summary) {
        return Panel.of(results(rows, summary, List.of()));
    }

    @Test
    void prompt() {
        Finding finding = finding();
        assertThat(finding.word()).isEqualTo("prompt");
        assertThat(finding.claim())
                .isEqualTo("At 4 shots prompting is right more often than fine-tuning, 70.0 against 60.0 %, by"
                        + " +10.0 [+5.0, +15.0] points (n = 300: 3 seeds × 100 rows). Zero-shot: 50.0 %; both are shown"
                        + " to beat it.");
        assertThat(finding.cautions()).isEmpty();
    }

    @Test
    void aSeedThatDivergedCountsAmongNoneOfTheSeeds() {
        Caution missing = new Caution.SeedsMissing(2, List.of(new Absence.Diverged(ScoredMethod.FT, 3)));
        metrics.put(
                "icl_minus_ft",
                Metric.of(MetricKind.DIFFERENCE, .1, 100, new Interval(.05, .15, IntervalMethod.BOOTSTRAP_EXAMPLES))
                        .with(missing));
        assertThat(finding().claim()).contains("(n = 100: 1 of 3 seeds × 100 rows)");
        assertThat(finding().cautions())
                .containsExactly("The difference is over the seeds that have both methods, each method's own rate over"
                        + " all that it has.");
    }

    @Test
    void fineTuneTellsTheDifferenceItsOwnWayRound() {
        difference(-.1, -.15, -.05);
        assertThat(finding().word()).isEqualTo("fine-tune");
        assertThat(finding().claim())
                .contains(
                        "fine-tuning is right more often than prompting, 60.0 against 70.0 %, by +10.0 [+5.0, +15.0]");
        metrics.put("icl_minus_zsl", metric(.01, -.05, .06));
        assertThat(finding().claim()).endsWith("only fine-tuning is shown to beat it.");
    }

    @Test
    void noDifferenceTellsWhatThisStudyWouldHaveShown() {
        difference(.02, -.05, .09);
        assertThat(finding().word()).isEqualTo("no difference found");
        // Half width .07, times 2.80 / 1.96.
        assertThat(finding().claim()).contains("This n would show 10.0 points or more.");
    }

    @Test
    void equivalentWithinTwoPoints() {
        difference(.0, -.02, .02);
        assertThat(finding().word()).isEqualTo("equivalent");
        assertThat(finding().claim()).contains("differ by 2 points at most (ICL − FT 0.0 [−2.0, +2.0])");
    }

    @Test
    void aSureDifferenceUnderTwoPointsIsSaidToBeSmall() {
        difference(.01, .005, .015);
        assertThat(finding().word()).isEqualTo("prompt");
        assertThat(finding().cautions()).containsExactly("The difference is sure but less than 2 points.");
    }

    @Test
    void neitherLearnsTellsZeroShot() {
        metrics.put("icl_minus_zsl", metric(.01, -.05, .06));
        metrics.put("ft_minus_zsl", metric(-.01, -.05, .04));
        assertThat(finding().word()).isEqualTo("neither learns");
        assertThat(finding().claim()).contains("+1.0 [−5.0, +6.0]", "is shown to beat zero-shot");
        assertThat(finding().cautions()).containsExactly("Zero-shot alone is right in 50.0 [45.0, 55.0] %.");
    }

    @Test
    void notComparedTellsWhy() {
        metrics.put("icl_minus_ft", Metric.undefined(MetricKind.DIFFERENCE, new Absence.Diverged(ScoredMethod.FT, 3)));
        assertThat(finding().verdict()).isEqualTo(Verdict.NOT_COMPARED);
        assertThat(finding().claim()).isEqualTo("No shot count has values of both methods: ft diverged at step 3.");
    }

    @Test
    void theSelectionRowsMayHaveSaidOtherwise() {
        SelectionCurve curve = new SelectionCurve(
                "m",
                "d",
                1,
                200,
                List.of(
                        new SelectionCurve.Point(ScoredMethod.FT, 4, .8, -1., 50),
                        new SelectionCurve.Point(ScoredMethod.ICL, 4, .7, -1., 50)));
        assertThat(finding(curve).cautions())
                .containsExactly("On the selection rows it was the other way round: fine-tuning was ahead there.");
    }

    @Test
    void oneOfManyMayBeChance() {
        Answer answer = new Answer("m", "d", 4, Answer.SELECTION, ScoredMethod.ICL, Verdict.PROMPT, .12, 12, .1);
        assertThat(ClaimText.cautions(answer, new Point(4, List.of(4), List.of(30), metrics)))
                .containsExactly("Among 12 answers of this study one like this may be chance (p = .120 after Holm).");
    }

    @Test
    void costIsComparedInTokensAlone() {
        metrics.put("icl.tokens_per_query", cost(71.4));
        metrics.put("ft.tokens_per_query", cost(9));
        metrics.put("ft.steps", cost(4));
        assertThat(finding().cost())
                .isEqualTo("Cost: 71 tokens a query when prompting, 9 when fine-tuned after 4 steps of training.");
        metrics.put("ft.train_seconds", cost(.8));
        String told =
                "Cost: 71 tokens a query when prompting, 9 when fine-tuned after 4 steps of training (0.8 s here).";
        assertThat(finding().cost()).isEqualTo(told);
        // Two clocks that disagree about which method is faster change no word.
        metrics.put("icl.ms_per_query", cost(3));
        metrics.put("ft.ms_per_query", cost(1.4));
        assertThat(finding().cost()).isEqualTo(told);
        metrics.put("ft.ms_per_query", cost(30));
        assertThat(finding().cost()).isEqualTo(told);
        metrics.remove("ft.steps");
        assertThat(finding().cost()).isEmpty();
    }

    @Test
    void alikeOnlyAgainstAFloor() {
        metrics.put(
                "rec2ftp",
                Metric.of(MetricKind.SHARE, 5 / 6., 6, new Interval(.4, .97, IntervalMethod.WILSON))
                        .with(new Caution.TooFew(6)));
        metrics.put("rec2ftp.base", Metric.of(MetricKind.SHARE, .8, 150, new Interval(.7, .9, IntervalMethod.WILSON)));
        metrics.put("sim_aou", metric(.2, .15, .25));
        assertThat(finding().alike())
                .isEqualTo(
                        "How alike: of the errors that fine-tuning fixes, prompting fixes 5 of 6 (too few to say; of all"
                                + " zero-shot errors it fixes 120 of 150); SimAOU 0.200 [0.150, 0.250] (no floor measured, so this says"
                                + " nothing).");
        metrics.put("sim_aou.random", metric(.01, 0, .02));
        metrics.put("sim_aou.permuted", metric(.18, .14, .22));
        assertThat(finding().alike()).contains("no higher than its floor, other rows' updates (0.180 [0.140, 0.220])");
        metrics.put("sim_aou.permuted", metric(.1, .08, .12));
        assertThat(finding().alike()).contains("above its highest floor, other rows' updates");
    }

    @Test
    void aSimilarityNoHigherThanOnATaskNeitherLearnsIsSaidToBeSo() {
        metrics.put("icl_ft.agreement", metric(.6, .55, .65));
        Map<String, Metric> unlearned = new HashMap<>(metrics);
        unlearned.put("icl_minus_zsl", metric(0, -.05, .05));
        unlearned.put("ft_minus_zsl", metric(0, -.05, .05));
        unlearned.put("icl_ft.agreement", metric(.58, .53, .63));
        List<SummaryRow> summary = List.of(summary("d", metrics), summary("hard", unlearned));
        List<ResultRow> rows = new java.util.ArrayList<>(rows("d", metrics));
        rows.addAll(rows("hard", unlearned));
        List<Finding> findings = Finding.of(results(rows, summary, List.of()), panels(rows, summary));
        assertThat(findings.get(0).alike())
                .isEqualTo(
                        "How alike: the same answer on 60.0 [55.0, 65.0] % of the rows (no higher than on hard, which"
                                + " neither learns: 58.0 [53.0, 63.0] %).");
        assertThat(findings.get(1).alike()).doesNotContain("no higher than on");
    }
}
