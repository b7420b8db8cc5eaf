package org.dualform.score.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectedCellsTest {
    private static final List<ScoredMethod> ICL = List.of(ScoredMethod.ICL);
    private static final List<ScoredMethod> FT = List.of(ScoredMethod.FT);

    private static CellScores candidate(String name, CellId id, @Nullable List<ScoredMethod> chosenBy) {
        return MadeCells.cell(name, id, 4, "+---", "++--", "+++-").withChoice(chosenBy, "on " + name);
    }

    private static CellScores changed(CellScores cell, double learningRate, RowStatus status, Absence... absence) {
        ResultRow row = cell.rows().get(0);
        ResultRow other = new ResultRow(
                row.cell(),
                row.id(),
                new FittedShots(row.shots(), 3, 77),
                learningRate,
                "at " + row.cell(),
                status,
                List.of(absence),
                row.chosen(),
                row.selectedOn(),
                row.metrics());
        return new CellScores(List.of(other), cell.examples());
    }

    private static List<String> names(List<CellScores> cells) {
        return cells.stream()
                .flatMap(cell -> cell.rows().stream())
                .map(ResultRow::cell)
                .toList();
    }

    private static @Nullable Double value(ResultRow row, String name) {
        Metric metric = row.metrics().get(name);
        assertThat(metric).as(name).isNotNull();
        return metric.value();
    }

    @Test
    void eachMethodContributesItsOwnChoice() {
        CellScores icl = changed(
                MadeCells.cell("i", MadeCells.id(1, 0), 4, "+---", "++--", "----")
                        .withChoice(ICL, "on i"),
                .1,
                RowStatus.OK);
        CellScores ft = MadeCells.cell("f", MadeCells.id(2, 1), 4, "++++", "++++", "+++-")
                .withChoice(FT, "on f");
        List<CellScores> selected = SelectedCells.of(List.of(
                candidate("none", MadeCells.id(3, 0), null),
                ft,
                candidate("empty", MadeCells.id(4, 0), List.of()),
                icl));

        assertThat(selected).hasSize(1);
        assertThat(selected.get(0).examples()).isEqualTo(MadeCells.lines("i and f", 4, "+---", "++--", "+++-"));
        ResultRow row = selected.get(0).rows().get(0);
        assertThat(selected.get(0).rows()).hasSize(1);
        assertThat(row.cell()).isEqualTo("i and f");
        assertThat(row.id()).isEqualTo(new CellId("m", "d", 1, 0, SummaryRow.SELECTED, "t"));
        assertThat(row.fitted()).isEqualTo(new FittedShots(4, 3, 77));
        assertThat(row.learningRate()).isEqualTo(.1);
        assertThat(row.recordPosition()).isEqualTo("at i");
        assertThat(row.chosen()).isNull();
        assertThat(row.selectedOn()).isEqualTo("on i");
        assertThat(value(row, "zsl.accuracy")).isEqualTo(.25);
        assertThat(value(row, "icl.accuracy")).isEqualTo(.5);
        assertThat(value(row, "ft.accuracy")).isEqualTo(.75);
        assertThat(value(row, "icl_minus_ft")).isEqualTo(-.25);
        assertThat(value(row, "rec2ftp")).isEqualTo(.5);
    }

    @Test
    void theLearningRateIsThatOfFineTuning() {
        List<CellScores> selected = SelectedCells.of(List.of(
                changed(candidate("i", MadeCells.id(1, 0), ICL), .1, RowStatus.OK),
                changed(candidate("f", MadeCells.id(1, 0), FT), .3, RowStatus.OK)));
        assertThat(selected.get(0).rows().get(0).learningRate()).isEqualTo(.3);
    }

    @Test
    void differentTemplatesAreBothNamed() {
        CellId other = new CellId("m", "d", 1, 0, Arms.MAIN, "u");
        List<CellScores> selected =
                SelectedCells.of(List.of(candidate("i", MadeCells.id(1, 0), ICL), candidate("f", other, FT)));
        assertThat(selected.get(0).rows().get(0).template()).isEqualTo("icl t, ft u");
    }

    @Test
    void onePairForEachSeedInWhichBothChose() {
        CellScores i1 = candidate("i1", MadeCells.id(1, 0), ICL);
        CellScores i2 = candidate("i2", MadeCells.id(2, 0), ICL);
        CellScores i3 = candidate("i3", MadeCells.id(3, 0), ICL);
        CellScores f1 = candidate("f1", MadeCells.id(1, 0), FT);
        CellScores f2 = candidate("f2", MadeCells.id(2, 0), FT);
        assertThat(names(SelectedCells.of(List.of(i1, i2, i3, f2, f1)))).containsExactly("i1 and f1", "i2 and f2");
        assertThat(names(SelectedCells.of(List.of(i2, f1, f2)))).containsExactly("i2 and f2");
        assertThat(names(SelectedCells.of(List.of(i1, i2, f1)))).containsExactly("i1 and f1");
    }

    @Test
    void aMethodAloneStandsForBoth() {
        CellScores unchosen = candidate("none", MadeCells.id(1, 0), null);
        assertThat(names(SelectedCells.of(List.of(unchosen, candidate("i", MadeCells.id(1, 0), ICL)))))
                .containsExactly("i and i");
        assertThat(names(SelectedCells.of(List.of(unchosen, candidate("f", MadeCells.id(1, 0), FT)))))
                .containsExactly("f and f");
        assertThat(SelectedCells.of(List.of(unchosen))).isEmpty();
    }

    @Test
    void modelsAndDataSetsAreKeptApart() {
        CellId model = new CellId("n", "d", 1, 0, Arms.MAIN, "t");
        CellId dataset = new CellId("m", "e", 1, 0, Arms.MAIN, "t");
        List<ScoredMethod> both = List.of(ScoredMethod.ICL, ScoredMethod.FT);
        assertThat(names(SelectedCells.of(List.of(
                        candidate("i", MadeCells.id(1, 0), ICL),
                        candidate("n", model, both),
                        candidate("e", dataset, both),
                        candidate("f", MadeCells.id(1, 0), FT)))))
                .containsExactly("i and f", "n and n", "e and e");
    }

    @Test
    void aCountThatOneSideLacksIsLeftOut() {
        CellScores two = MadeCells.cell("i", MadeCells.id(1, 0), 2, "----", "----", "----");
        CellScores four = MadeCells.cell("i", MadeCells.id(1, 0), 4, "+---", "++--", "----");
        CellScores eight = MadeCells.cell("i", MadeCells.id(1, 0), 8, "----", "++++", "----");
        CellScores icl = MadeCells.joined(two, four, eight).withChoice(ICL, "rows");
        CellScores ft = MadeCells.joined(
                        MadeCells.cell("f", MadeCells.id(1, 1), 8, "----", "----", "+---"),
                        MadeCells.cell("f", MadeCells.id(1, 1), 4, "----", "----", "+++-"))
                .withChoice(FT, "rows");
        CellScores selected = SelectedCells.of(List.of(icl, ft)).get(0);
        assertThat(selected.rows()).extracting(ResultRow::shots).containsExactly(4, 8);
        assertThat(value(selected.rows().get(0), "icl.accuracy")).isEqualTo(.5);
        assertThat(value(selected.rows().get(0), "ft.accuracy")).isEqualTo(.75);
        assertThat(value(selected.rows().get(1), "icl.accuracy")).isEqualTo(1);
        assertThat(value(selected.rows().get(1), "ft.accuracy")).isEqualTo(.25);
        assertThat(selected.examples()).extracting(ExampleLine::shots).containsExactly(4, 4, 4, 4, 8, 8, 8, 8);
    }

    @Test
    void whatIsNotThereIsToldOfInContextLearningFirst() {
        Absence missing = new Absence.Missing(ScoredMethod.ICL);
        Absence diverged = new Absence.Diverged(ScoredMethod.FT, 3);
        CellScores icl = candidate("i", MadeCells.id(1, 0), ICL);
        CellScores ft = changed(candidate("f", MadeCells.id(1, 0), FT), .1, RowStatus.DIVERGED, diverged);
        ResultRow ofFt = SelectedCells.of(List.of(icl, ft)).get(0).rows().get(0);
        assertThat(ofFt.status()).isEqualTo(RowStatus.DIVERGED);
        assertThat(ofFt.absence()).containsExactly(diverged);
        ResultRow ofIcl = SelectedCells.of(List.of(changed(icl, .1, RowStatus.MISSING, missing), ft))
                .get(0)
                .rows()
                .get(0);
        assertThat(ofIcl.status()).isEqualTo(RowStatus.MISSING);
        assertThat(ofIcl.absence()).containsExactly(missing);
    }

    @Test
    void aMetricIsThereWhereEitherSideHasIt() {
        CellScores icl = MadeCells.cell("i", MadeCells.id(1, 0), 4, null, "++--", null);
        CellScores ft = MadeCells.cell("f", MadeCells.id(1, 0), 4, null, null, "+++-");
        ResultRow row = SelectedCells.of(List.of(icl.withChoice(ICL, null), ft.withChoice(FT, null)))
                .get(0)
                .rows()
                .get(0);
        Map<String, Metric> metrics = row.metrics();
        assertThat(metrics.keySet()).containsExactly("icl.accuracy", "ft.accuracy");
        assertThat(value(row, "icl.accuracy")).isEqualTo(.5);
        assertThat(value(row, "ft.accuracy")).isEqualTo(.75);
        assertThat(row.selectedOn()).isNull();
    }
}
