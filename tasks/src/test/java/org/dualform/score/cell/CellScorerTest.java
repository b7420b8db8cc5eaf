package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.dualform.report.panel.Numbers;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Absence.Denominator;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.study.StudySummary;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CellScorerTest {
    // Gold is always label 0, so a 0 below is a right answer.
    private static final int[] ZSL = {0, 1, 1, 1, 1, 0};
    private static final int[] ICL = {0, 0, 0, 1, 1, 1};
    private static final int[] FT = {0, 0, 1, 0, 1, 0};

    @Test
    void countsByHand() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL), run(4, ICL), run(4, FT))), 4);
        assertThat(row.status()).isEqualTo(RowStatus.OK);
        assertMetric(row, "zsl.accuracy", 2 / 6.0, 6);
        assertMetric(row, "icl.accuracy", 3 / 6.0, 6);
        assertMetric(row, "ft.accuracy", 4 / 6.0, 6);
        assertMetric(row, "icl_minus_ft", -1 / 6.0, 6);
        // Zero-shot errors: rows 1-4; fine-tuning fixes 1 and 3, in context 1 of these.
        assertMetric(row, "rec2ftp", 1 / 2.0, 2);
        assertThat(row.metrics().get("rec2ftp").cautions()).containsExactly(new Caution.TooFew(2));
        assertMetric(row, "rec2ftp.base", 2 / 4.0, 4);
        assertMetric(row, "icl_ft.agreement", 3 / 6.0, 6);
        assertThat(row.metrics().get("icl.accuracy").interval()).isEqualTo(IntervalMethod.WILSON);
        assertThat(row.metrics().get("icl_minus_ft").interval()).isEqualTo(IntervalMethod.BOOTSTRAP_EXAMPLES);
    }

    @Test
    void everyCurveStartsAtZeroShot() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL), run(4, ICL), run(4, FT))), 0);
        assertMetric(row, "icl.accuracy", 2 / 6.0, 6);
        assertMetric(row, "ft.accuracy", 2 / 6.0, 6);
        assertMetric(row, "icl_minus_zsl", 0, 6);
    }

    @Test
    void nothingFixedIsUndefinedNotZero() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL), run(4, ICL), run(4, ZSL))), 4);
        Metric recall = row.metrics().get("rec2ftp");
        assertThat(recall.value()).isNull();
        assertThat(recall.absence()).containsExactly(new Absence.EmptyDenominator(Denominator.ERRORS_FIXED_BY_FT));
    }

    @Test
    void divergenceKeepsTheIclCurve() {
        MethodRun diverged = new MethodRun(Map.of(), Map.of(), 3);
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL), run(4, ICL), diverged)), 4);
        assertThat(row.status()).isEqualTo(RowStatus.DIVERGED);
        assertThat(row.absence()).containsExactly(new Absence.Diverged(ScoredMethod.FT, 3));
        assertMetric(row, "icl.accuracy", 3 / 6.0, 6);
        assertThat(row.metrics().get("ft.accuracy").value()).isNull();
    }

    /** What is missing and what diverged belong to their method; neither takes the other's word. */
    @Test
    void withOneMethodMissingAndTheOtherDivergedEachHasItsOwnReason() {
        MethodRun diverged = new MethodRun(Map.of(), Map.of(), 3);
        CellScores scores = CellScorer.score(cell(1, run(0, ZSL), null, diverged));
        Absence missing = new Absence.Missing(ScoredMethod.ICL);
        Absence atStep = new Absence.Diverged(ScoredMethod.FT, 3);
        ResultRow row = row(scores, 4);
        assertThat(row.status()).isEqualTo(RowStatus.MISSING);
        assertThat(row.absence()).containsExactly(missing, atStep);
        Map<String, Metric> summary = StudySummary.of(List.of(scores)).get(1).metrics();
        for (Map<String, Metric> metrics : List.of(row.metrics(), summary)) {
            assertThat(metrics.get("icl.accuracy").absence()).containsExactly(missing);
            assertThat(metrics.get("ft.accuracy").absence()).containsExactly(atStep);
            assertThat(metrics.get("icl_minus_ft").absence()).containsExactly(missing, atStep);
            assertThat(metrics.get("zsl.accuracy").value()).isNotNull();
        }
        assertThat(Numbers.share(summary.get("icl.accuracy"))).isEqualTo("missing");
        assertThat(Numbers.share(summary.get("ft.accuracy"))).isEqualTo("diverged");
        assertThat(Numbers.difference(summary.get("icl_minus_ft"))).isEqualTo("missing");
    }

    @Test
    void aFailedTaskIsMissing() {
        ResultRow row = row(CellScorer.score(cell(1, run(0, ZSL), run(4, ICL), null)), 4);
        assertThat(row.status()).isEqualTo(RowStatus.MISSING);
        assertThat(row.absence()).containsExactly(new Absence.Missing(ScoredMethod.FT));
    }

    @Test
    void everyEmptyDenominatorHasItsReason() {
        int[] right = {0, 0, 0, 0, 0, 0};
        CellScores scores = CellScorer.score(cell(1, run(0, right), run(4, right), run(4, right)));
        Map<String, Metric> metrics = row(scores, 4).metrics();
        Map<Quantity, Denominator> reasons = Map.of(
                Quantity.REC2FTP, Denominator.ERRORS_FIXED_BY_FT,
                Quantity.REC2FTP_BASE, Denominator.ZERO_SHOT_ERRORS,
                Quantity.AGREEMENT_WRONG, Denominator.ERRORS_OF_EITHER,
                Quantity.TOKEN_OVERLAP, Denominator.NEXT_TOKENS);
        reasons.forEach((quantity, empty) -> assertThat(metrics.get(quantity.id()))
                .isEqualTo(Metric.undefined(quantity.kind(), new Absence.EmptyDenominator(empty))));
        Map<String, Metric> summary = StudySummary.of(List.of(scores)).get(1).metrics();
        reasons.forEach((quantity, empty) -> assertThat(summary.get(quantity.id()))
                .isEqualTo(Metric.undefined(quantity.kind(), new Absence.EmptyDenominator(empty))));
    }

    @Test
    void aModelWithoutFiniteScoresIsWrongEverywhereAndSaysSo() {
        ExampleOutcome none = new ExampleOutcome("r0", 0, ExampleOutcome.UNDEFINED, List.of());
        MethodRun broken = new MethodRun(Map.of(0, List.of(none), 4, List.of(none)), Map.of(), null);
        ResultRow row = row(CellScorer.score(cell(1, broken, broken, broken)), 4);
        assertThat(row.metrics().get("ft.accuracy").cautions())
                .contains(new Caution.UndefinedAnswers(ScoredMethod.FT, 1, 1));
        assertThat(row.metrics().get("icl_ft.kl"))
                .isEqualTo(Metric.undefined(
                        MetricKind.SIMILARITY, new Absence.EmptyDenominator(Denominator.FINITE_SCORES)));
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
        Caution caution = new Caution.UndefinedAnswers(ScoredMethod.ICL, 1, 2);
        for (String name : List.of("icl.accuracy", "icl_minus_ft", "icl_ft.agreement"))
            assertThat(row.metrics().get(name).cautions()).as(name).contains(caution);
        assertThat(row.metrics().get("ft.accuracy").cautions()).containsExactly(new Caution.TooFew(2));
        assertThat(StudySummary.of(List.of(CellScorer.score(run))).stream()
                        .filter(r -> r.shots() == 4)
                        .map(r -> r.metrics().get("icl.accuracy").cautions()))
                .allMatch(cautions -> cautions.contains(caution));
    }

    @Test
    void summaryOverSeedsIsTheMeanAndDoesNotDependOnTheOrderOfCells() {
        List<CellScores> cells = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            int[] icl = seed == 1 ? ZSL : ICL;
            cells.add(CellScorer.score(cell(seed, run(0, ZSL), run(4, icl), run(4, FT))));
        }
        List<SummaryRow> summary = StudySummary.of(cells);
        Metric accuracy = summary.get(1).metrics().get("icl.accuracy");
        assertThat(accuracy.value()).isCloseTo((2 + 3 + 3) / 18.0, within(1e-12));
        assertThat(accuracy.n()).isEqualTo(18);
        assertThat(accuracy.seedMin()).isCloseTo(2 / 6.0, within(1e-12));
        assertThat(accuracy.seedMax()).isCloseTo(3 / 6.0, within(1e-12));
        assertThat(accuracy.cautions()).containsExactly(new Caution.GivenSeeds(3));
        Collections.shuffle(cells, new Random(1));
        assertThat(StudySummary.of(cells)).isEqualTo(summary);
    }

    @Test
    void ordersOfASeedAreTheSameCasesSeenAgain() {
        CellRun first = cell(1, run(0, ZSL), run(4, ICL), run(4, FT));
        CellRun second = new CellRun(
                "m.d.s1.o1.main",
                new CellId("m", "d", 1, 1, Arms.MAIN, "t"),
                .1,
                "predict",
                first.shots(),
                first.facts(),
                first.asked(),
                Map.of(
                        ScoredMethod.ZSL, first.runs().get(ScoredMethod.ZSL),
                        ScoredMethod.ICL, run(4, ZSL),
                        ScoredMethod.FT, first.runs().get(ScoredMethod.FT)),
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

    private static MethodRun run(int shots, int[] predictions) {
        List<ExampleOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < predictions.length; i++) {
            List<Double> scores = predictions[i] == 0 ? List.of(-1.0, -2.0) : List.of(-2.0, -1.0);
            outcomes.add(new ExampleOutcome("r" + i, 0, predictions[i], scores));
        }
        return new MethodRun(Map.of(shots, outcomes), Map.of(), null);
    }

    private static CellRun cell(int seed, MethodRun zsl, @Nullable MethodRun icl, @Nullable MethodRun ft) {
        Map<ScoredMethod, MethodRun> runs = new EnumMap<>(ScoredMethod.class);
        runs.put(ScoredMethod.ZSL, zsl);
        if (icl != null) runs.put(ScoredMethod.ICL, icl);
        if (ft != null) runs.put(ScoredMethod.FT, ft);
        return new CellRun(
                "m.d.s" + seed + ".o0.main",
                new CellId("m", "d", seed, 0, Arms.MAIN, "t"),
                .1,
                "predict",
                List.of(new FittedShots(0, 0, 1), new FittedShots(4, 4, 60)),
                Map.of(),
                Set.of(ScoredMethod.ICL, ScoredMethod.FT),
                runs,
                null);
    }
}
