package org.dualform.score.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.statistics.CrossedBootstrap;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;
import org.dualform.score.statistics.SimultaneousBand;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StudySummaryTest {
    private static Metric metric(SummaryRow row, String name) {
        Metric metric = row.metrics().get(name);
        assertThat(metric).as(name).isNotNull();
        return Objects.requireNonNull(metric);
    }

    private static CellScores ofIcl(int seed, int order, int right) {
        return MadeCells.cell(
                "c" + seed + "-" + order, MadeCells.id(seed, order), 4, null, MadeCells.answers(right, 10), null);
    }

    private static CellScores ofFt(int seed, int right) {
        return MadeCells.cell("c" + seed, MadeCells.id(seed, 0), 4, null, null, MadeCells.answers(right, 10));
    }

    /** A cell that gave nothing, with what is known of why. */
    private static CellScores empty(int seed, Map<String, Metric> metrics, Absence... absence) {
        ResultRow row = ofFt(seed, 0).rows().get(0);
        return new CellScores(
                List.of(new ResultRow(
                        row.cell(),
                        row.id(),
                        row.fitted(),
                        .1,
                        "predict",
                        RowStatus.MISSING,
                        List.of(absence),
                        metrics)),
                List.of());
    }

    private static Caution.@Nullable SeedsMissing missing(Metric metric) {
        return metric.cautions().stream()
                .filter(Caution.SeedsMissing.class::isInstance)
                .map(Caution.SeedsMissing.class::cast)
                .findFirst()
                .orElse(null);
    }

    @Test
    void ordersAreAveragedFirstThenSeeds() {
        List<SummaryRow> summary = StudySummary.of(List.of(ofIcl(2, 0, 9), ofIcl(1, 0, 8), ofIcl(1, 1, 4)));
        assertThat(summary).hasSize(1);
        SummaryRow row = summary.get(0);
        assertThat(row.seeds()).containsExactly(1, 2);
        assertThat(row.template()).isEqualTo("t");
        assertThat(row.selectedOn()).isNull();
        assertThat(row.metrics()).containsOnlyKeys("icl.accuracy", "icl.order_sd");
        Metric accuracy = metric(row, "icl.accuracy");
        assertThat(accuracy.value()).isCloseTo((.6 + .9) / 2, within(1e-12));
        assertThat(accuracy.n()).isEqualTo(20);
        assertThat(accuracy.seedMin()).isCloseTo(.6, within(1e-12));
        assertThat(accuracy.seedMax()).isCloseTo(.9, within(1e-12));
        assertThat(accuracy.cautions()).containsExactly(new Caution.GivenSeeds(2));
        // Of .8 and .4 with n − 1: the root of 2 · .2².
        Metric spread = metric(row, "icl.order_sd");
        assertThat(spread.value()).isCloseTo(.2 * Math.sqrt(2), within(1e-12));
        assertThat(spread.n()).isEqualTo(2);
    }

    @Test
    void aCostIsTheMeanOfTheCellsThatHaveIt() {
        List<CellScores> cells = List.of(
                MadeCells.with(
                        ofFt(1, 5),
                        Map.of(
                                "ft.train_seconds",
                                Metric.cost(10),
                                "ft.loss_last",
                                Metric.noCost(new Absence.NotFinite()))),
                MadeCells.with(ofFt(2, 5), Map.of("ft.train_seconds", Metric.noCost(new Absence.NotFinite()))),
                MadeCells.with(ofFt(3, 5), Map.of("ft.train_seconds", Metric.cost(40), "ft.steps", Metric.cost(7))));
        SummaryRow row = StudySummary.of(cells).get(0);
        assertThat(row.metrics().keySet())
                .containsExactly("ft.accuracy", "ft.loss_last", "ft.steps", "ft.train_seconds");
        assertThat(metric(row, "ft.train_seconds")).isEqualTo(Metric.cost(25));
        assertThat(metric(row, "ft.steps")).isEqualTo(Metric.cost(7));
        assertThat(metric(row, "ft.loss_last")).isEqualTo(Metric.noCost(new Absence.NotMeasured()));
    }

    /** A cell of two rows with a similarity in each; NaN where it is undefined. */
    private static CellScores alike(int seed, String name, double first, double second, Caution... cautions) {
        CellScores cell = MadeCells.cell("c" + seed, MadeCells.id(seed, 0), 4, "--", "--", "--");
        double[] values = {first, second};
        List<ExampleLine> lines = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ExampleLine l = cell.examples().get(i);
            Map<String, Double> similarities = Double.isNaN(values[i]) ? Map.of() : Map.of(name, values[i]);
            lines.add(new ExampleLine(l.cell(), 4, l.row(), 0, 1, 1, 1, null, null, null, null, similarities));
        }
        Metric metric = Estimate.of(ExampleStatistic.similarity(MetricName.parse(name)), List.of(List.of(lines)));
        for (Caution caution : cautions) metric = metric.with(caution);
        ResultRow row = cell.rows().get(0).withMetrics(Map.of(name, metric));
        return new CellScores(List.of(row), lines);
    }

    @Test
    void aSimilarityIsPooledAndKeepsWhatIsUndefinedInItsCells() {
        Caution layers = new Caution.UndefinedLayers(List.of(0));
        Caution rows = new Caution.UndefinedRows(1, 2);
        CellScores first = alike(1, "sim_aou.random", .2, Double.NaN, layers, new Caution.Stated("of the cell"), rows);
        CellScores second = alike(2, "sim_aou.random", .4, .9, layers);
        CellScores none = MadeCells.with(MadeCells.cell("c3", MadeCells.id(3, 0), 4, null, "--", null), Map.of());
        SummaryRow row = StudySummary.of(List.of(first, second, none)).get(0);
        assertThat(row.metrics()).containsOnlyKeys("icl.accuracy", "sim_aou.random");
        Metric metric = metric(row, "sim_aou.random");
        assertThat(metric.kind()).isEqualTo(MetricKind.SIMILARITY);
        assertThat(metric.value()).isCloseTo(.5, within(1e-12));
        assertThat(metric.n()).isEqualTo(3);
        assertThat(metric.seedMin()).isCloseTo(.2, within(1e-12));
        assertThat(metric.seedMax()).isCloseTo(.65, within(1e-12));
        assertThat(metric.cautions())
                .containsExactly(
                        new Caution.GivenSeeds(2),
                        new Caution.TooFew(3),
                        new Caution.SeedsMissing(1, List.of(new Absence.NotMeasured())),
                        layers,
                        rows);
    }

    @Test
    void aSimilarityWithoutAValueHasNoCautions() {
        CellScores cell = alike(1, "sim_am", Double.NaN, Double.NaN, new Caution.UndefinedRows(2, 2));
        assertThat(metric(StudySummary.of(List.of(cell)).get(0), "sim_am"))
                .isEqualTo(Metric.undefined(
                        MetricKind.SIMILARITY, new Absence.EmptyDenominator(Absence.Denominator.DEFINED_ROWS)));
    }

    @Test
    void undefinedAnswersAreWrongAndCounted() {
        CellScores one = MadeCells.cell("c1", MadeCells.id(1, 0), 4, null, "++++++++?-", null);
        CellScores two = MadeCells.cell("c2", MadeCells.id(2, 0), 4, null, "++++++????", null);
        Metric accuracy = metric(StudySummary.of(List.of(one, two)).get(0), "icl.accuracy");
        assertThat(accuracy.value()).isCloseTo(.7, within(1e-12));
        assertThat(accuracy.cautions())
                .containsExactly(new Caution.GivenSeeds(2), new Caution.UndefinedAnswers(ScoredMethod.ICL, 5, 20));
    }

    @Test
    void aSeedWithNothingToDivideByIsMeasuredAllTheSame() {
        CellScores none = MadeCells.cell("c1", MadeCells.id(1, 0), 4, "++++++++++", "++++++++++", "++++++++++");
        CellScores four = MadeCells.cell("c2", MadeCells.id(2, 0), 4, "++++++----", "+++++++++-", "++++++++++");
        Metric shared = metric(StudySummary.of(List.of(none, four)).get(0), "rec2ftp");
        assertThat(shared.value()).isCloseTo(.75, within(1e-12));
        assertThat(shared.n()).isEqualTo(4);
        assertThat(missing(shared)).isNull();
    }

    @Test
    void seedsWithoutAValueAreCountedWithTheLastReasonOfEachMethod() {
        Absence ft = new Absence.Diverged(ScoredMethod.FT, 5);
        Metric diverged = Metric.undefined(MetricKind.SHARE, new Absence.Diverged(ScoredMethod.FT, 3));
        Metric later = Metric.undefined(MetricKind.SHARE, ft);
        Absence failed = new Absence.Failed("no memory");
        SummaryRow row = StudySummary.of(List.of(
                        ofFt(1, 4),
                        empty(2, Map.of("ft.accuracy", diverged)),
                        empty(3, Map.of("ft.accuracy", later)),
                        empty(4, Map.of(), failed)))
                .get(0);
        assertThat(row.seeds()).containsExactly(1, 2, 3, 4);
        assertThat(metric(row, "ft.accuracy").value()).isEqualTo(.4);
        assertThat(missing(metric(row, "ft.accuracy"))).isEqualTo(new Caution.SeedsMissing(3, List.of(ft, failed)));
        assertThat(metric(
                        StudySummary.of(List.of(empty(2, Map.of("ft.accuracy", diverged)), empty(3, Map.of())))
                                .get(0),
                        "ft.accuracy"))
                .isEqualTo(Metric.undefined(
                        MetricKind.SHARE, new Absence.Diverged(ScoredMethod.FT, 3), new Absence.NotMeasured()));
    }

    @Test
    void cellsOfDifferentExamplesAreRefused() {
        CellScores short1 = MadeCells.cell("c2", MadeCells.id(2, 0), 4, null, MadeCells.answers(4, 9), null);
        assertThatThrownBy(() -> StudySummary.of(List.of(ofIcl(1, 0, 4), short1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 2 different row lists");
    }

    /** The band of one curve, from its answers by shot count. */
    private static Map<Integer, Interval> band(ExampleStatistic statistic, List<CellScores> cells) {
        Map<Integer, CrossedBootstrap.Draws> draws = new TreeMap<>();
        for (CellScores cell : cells)
            draws.put(cell.rows().get(0).shots(), Estimate.draws(statistic, List.of(List.of(cell.examples()))));
        return SimultaneousBand.of(draws);
    }

    @Test
    void everyCurveOfAccuracyHasItsOwnBand() {
        List<CellScores> first = List.of(
                MadeCells.cell("a", MadeCells.id(1, 0), 2, null, "+++++-----", "++++------"),
                MadeCells.cell("a", MadeCells.id(1, 0), 4, null, "-++-++-++-", "++++++++++"));
        CellId other = new CellId("m", "d", 1, 0, Arms.MAIN, "u");
        List<CellScores> second = List.of(
                MadeCells.cell("b", other, 2, null, "-------+--", "+---------"),
                MadeCells.cell("b", other, 8, null, "+-+-+-+-++", "-----+++++"));
        List<CellScores> all = new ArrayList<>(first);
        all.addAll(second);
        List<SummaryRow> summary = StudySummary.of(all);
        assertThat(summary).extracting(SummaryRow::template).containsExactly("t", "t", "u", "u");
        for (ScoredMethod method : List.of(ScoredMethod.ICL, ScoredMethod.FT)) {
            ExampleStatistic accuracy = ExampleStatistic.accuracy(method);
            for (int i = 0; i < 4; i++) {
                Metric metric = metric(summary.get(i), accuracy.name().text());
                Interval expected = Objects.requireNonNull(band(accuracy, i < 2 ? first : second)
                        .get(summary.get(i).shots()));
                double value = Objects.requireNonNull(metric.value());
                assertThat(metric.bandLow()).isEqualTo(Math.max(0, Math.min(value, expected.low())));
                assertThat(metric.bandHigh()).isEqualTo(Math.min(1, Math.max(value, expected.high())));
            }
        }
        assertThat(summary)
                .allSatisfy(
                        row -> assertThat(metric(row, "icl_minus_ft").bandLow()).isNull());
        assertThat(summary)
                .allSatisfy(row ->
                        assertThat(metric(row, "icl_ft.agreement").bandLow()).isNull());
    }

    @Test
    void whatWasChosenFollowsAsRowsOfItsOwn() {
        CellScores icl = ofIcl(1, 0, 6).withChoice(List.of(ScoredMethod.ICL), "held-out rows");
        CellScores ft = ofFt(1, 8).withChoice(List.of(ScoredMethod.FT), "held-out rows");
        List<SummaryRow> summary = StudySummary.of(List.of(icl, ft));
        assertThat(summary).extracting(SummaryRow::arm).containsExactly(Arms.MAIN, SummaryRow.SELECTED);
        assertThat(summary).extracting(SummaryRow::selectedOn).containsExactly("held-out rows", "held-out rows");
        assertThat(metric(summary.get(1), "icl.accuracy").value()).isEqualTo(.6);
        assertThat(metric(summary.get(1), "ft.accuracy").value()).isEqualTo(.8);
    }
}
