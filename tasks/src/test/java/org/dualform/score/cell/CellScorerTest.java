package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.Metric;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.StudySummary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CellScorerTest {
    // Gold is always label 0, so a 0 below is a right answer.
    private static final int[] ZSL = {0, 1, 1, 1, 1, 0};
    private static final int[] ICL = {0, 0, 0, 1, 1, 1};
    private static final int[] FT = {0, 0, 1, 0, 1, 0};

    @Test
    void countsByHand() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL, null), run(4, ICL, null), run(4, FT, null))), 4);
        assertThat(row.status()).isEqualTo(RowStatus.OK);
        assertMetric(row, "zsl.accuracy", 2 / 6.0, 6);
        assertMetric(row, "icl.accuracy", 3 / 6.0, 6);
        assertMetric(row, "ft.accuracy", 4 / 6.0, 6);
        assertMetric(row, "icl_minus_ft", -1 / 6.0, 6);
        // Zero-shot errors: rows 1-4; fine-tuning fixes 1 and 3, in context 1 of these.
        assertMetric(row, "rec2ftp", 1 / 2.0, 2);
        assertThat(row.metrics().get("rec2ftp").reason()).isEqualTo("too few: n = 2");
        assertMetric(row, "rec2ftp.base", 2 / 4.0, 4);
        assertMetric(row, "icl_ft.agreement", 3 / 6.0, 6);
        assertThat(row.metrics().get("icl.accuracy").interval()).isEqualTo("wilson");
        assertThat(row.metrics().get("icl_minus_ft").interval()).isEqualTo("bootstrap-examples");
    }

    @Test
    void everyCurveStartsAtZeroShot() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL, null), run(4, ICL, null), run(4, FT, null))), 0);
        assertMetric(row, "icl.accuracy", 2 / 6.0, 6);
        assertMetric(row, "ft.accuracy", 2 / 6.0, 6);
        assertMetric(row, "icl_minus_zsl", 0, 6);
    }

    @Test
    void nothingFixedIsUndefinedNotZero() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL, null), run(4, ICL, null), run(4, ZSL, null))), 4);
        Metric recall = row.metrics().get("rec2ftp");
        assertThat(recall.value()).isNull();
        assertThat(recall.reason()).isEqualTo("fine-tuning fixed no zero-shot error");
    }

    @Test
    void divergenceKeepsTheIclCurve() {
        MethodRun diverged = new MethodRun(Map.of(), Map.of(), "diverged at step 3");
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL, null), run(4, ICL, null), diverged)), 4);
        assertThat(row.status()).isEqualTo(RowStatus.DIVERGED);
        assertThat(row.reason()).isEqualTo("ft diverged at step 3");
        assertMetric(row, "icl.accuracy", 3 / 6.0, 6);
        assertThat(row.metrics().get("ft.accuracy").value()).isNull();
    }

    @Test
    void aFailedTaskIsMissing() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL, null), run(4, ICL, null), null)), 4);
        assertThat(row.status()).isEqualTo(RowStatus.MISSING);
        assertThat(row.reason()).isEqualTo("ft is missing");
    }

    @Test
    void everyEmptyDenominatorHasItsReason() {
        int[] right = {0, 0, 0, 0, 0, 0};
        CellScores scores = CellScorer.score(cell(1, run(0, right, null), run(4, right, null), run(4, right, null)));
        Map<String, Metric> metrics = row(scores, 4).metrics();
        Map<String, String> reasons = Map.of(
                "rec2ftp", "fine-tuning fixed no zero-shot error",
                "rec2ftp.base", "zero-shot made no error",
                "icl_ft.agreement_wrong", "both are right everywhere",
                "icl_ft.token_overlap", "no next tokens were kept");
        reasons.forEach((name, reason) -> assertThat(metrics.get(name)).isEqualTo(Metric.undefined(0, reason)));
        Map<String, Metric> summary = StudySummary.of(List.of(scores)).get(1).metrics();
        reasons.forEach((name, reason) -> assertThat(summary.get(name)).isEqualTo(Metric.undefined(0, reason)));
    }

    @Test
    void aModelWithoutFiniteScoresIsWrongEverywhereAndSaysSo() {
        ExampleOutcome none = new ExampleOutcome("r0", 0, ExampleOutcome.UNDEFINED, List.of());
        MethodRun broken = new MethodRun(Map.of(0, List.of(none), 4, List.of(none)), Map.of(), null);
        ResultRow row = row(CellScorer.score(cell(1, broken, broken, broken)), 4);
        assertThat(row.metrics().get("ft.accuracy").reasons())
                .contains("1 of 1 answers of ft undefined (scores not finite) and counted as wrong");
        assertThat(row.metrics().get("icl_ft.kl"))
                .isEqualTo(Metric.undefined(0, "no row has finite scores of both methods"));
    }

    @Test
    void nonFiniteScoresAreWrongAndOutsideTheDivergence() {
        List<ExampleOutcome> broken = List.of(
                new ExampleOutcome("r0", 0, ExampleOutcome.UNDEFINED, List.of(Double.NaN, Double.NaN)),
                new ExampleOutcome("r1", 0, 0, List.of(-1.0, -2.0)));
        List<ExampleOutcome> sound = List.of(
                new ExampleOutcome("r0", 0, 0, List.of(-1.0, -2.0)),
                new ExampleOutcome("r1", 0, 0, List.of(-1.0, -2.0)));
        CellRun run = cell(
                1,
                new MethodRun(Map.of(0, sound), Map.of(), null),
                new MethodRun(Map.of(4, broken), Map.of(), null),
                new MethodRun(Map.of(4, sound), Map.of(), null));
        ResultRow row = row(CellScorer.score(run), 4);
        assertMetric(row, "icl.accuracy", .5, 2);
        assertMetric(row, "icl_ft.kl", 0, 1);
        String caution = "1 of 2 answers of icl undefined (scores not finite) and counted as wrong";
        for (String name : List.of("icl.accuracy", "icl_minus_ft", "icl_ft.agreement"))
            assertThat(row.metrics().get(name).reasons()).as(name).contains(caution);
        assertThat(row.metrics().get("ft.accuracy").reasons()).containsExactly("too few: n = 2");
        assertThat(StudySummary.of(List.of(CellScorer.score(run))).stream()
                        .filter(r -> r.shots() == 4)
                        .map(r -> r.metrics().get("icl.accuracy").reasons()))
                .allMatch(reasons -> reasons.contains(caution));
    }

    @Test
    void summaryOverSeedsIsTheMeanAndDoesNotDependOnTheOrderOfCells() {
        List<CellScores> cells = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            int[] icl = seed == 1 ? ZSL : ICL;
            cells.add(CellScorer.score(cell(seed, run(0, ZSL, null), run(4, icl, null), run(4, FT, null))));
        }
        List<SummaryRow> summary = StudySummary.of(cells);
        Metric accuracy = summary.get(1).metrics().get("icl.accuracy");
        assertThat(accuracy.value()).isCloseTo((2 + 3 + 3) / 18.0, within(1e-12));
        assertThat(accuracy.n()).isEqualTo(18);
        assertThat(accuracy.seedMin()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(accuracy.seedMax()).isCloseTo(3 / 6.0, within(1e-12));
        assertThat(accuracy.reason()).isEqualTo("given these 3 seeds");
        Collections.shuffle(cells, new Random(1));
        assertThat(StudySummary.of(cells)).isEqualTo(summary);
    }

    @Test
    void ordersOfASeedAreTheSameCasesSeenAgain() {
        CellRun first = cell(1, run(0, ZSL, null), run(4, ICL, null), run(4, FT, null));
        CellRun second = new CellRun(
                "m.d.s1.o1.main",
                "m",
                "d",
                1,
                1,
                "main",
                "t",
                .1,
                "predict",
                first.shots(),
                first.trueShots(),
                first.contextTokens(),
                first.facts(),
                first.methods(),
                first.zsl(),
                run(4, ZSL, null),
                first.ft(),
                null);
        Metric accuracy = StudySummary.of(List.of(CellScorer.score(first), CellScorer.score(second)))
                .get(1)
                .metrics()
                .get("icl.accuracy");
        assertThat(accuracy.value()).isCloseTo((3 + 2) / 12.0, within(1e-12));
        assertThat(accuracy.n()).isEqualTo(6);
    }

    private static void assertMetric(ResultRow row, String name, double value, int n) {
        Metric metric = row.metrics().get(name);
        assertThat(metric.value()).as(name).isCloseTo(value, within(1e-12));
        assertThat(metric.n()).as(name).isEqualTo(n);
    }

    private static ResultRow row(CellScores scores, int shots) {
        return scores.rows().stream()
                .filter(r -> r.shots() == shots)
                .findFirst()
                .orElseThrow();
    }

    private static MethodRun run(int shots, int[] predictions, @Nullable String diverged) {
        List<ExampleOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < predictions.length; i++) {
            List<Double> scores = predictions[i] == 0 ? List.of(-1.0, -2.0) : List.of(-2.0, -1.0);
            outcomes.add(new ExampleOutcome("r" + i, 0, predictions[i], scores));
        }
        return new MethodRun(Map.of(shots, outcomes), Map.of(), diverged);
    }

    private static CellRun cell(int seed, MethodRun zsl, @Nullable MethodRun icl, @Nullable MethodRun ft) {
        return new CellRun(
                "m.d.s" + seed + ".o0.main",
                "m",
                "d",
                seed,
                0,
                "main",
                "t",
                .1,
                "predict",
                List.of(0, 4),
                Map.of(0, 0, 4, 4),
                Map.of(0, 1, 4, 60),
                Map.of(),
                List.of("icl", "ft"),
                zsl,
                icl,
                ft,
                null);
    }
}
