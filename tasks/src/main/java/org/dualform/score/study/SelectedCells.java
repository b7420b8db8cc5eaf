package org.dualform.score.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;

/**
 * Cells that put together what each method chose for itself. In-context learning and zero-shot come from the cell that
 * in-context learning chose, fine-tuning from the cell that it chose; both were evaluated on the same rows.
 */
final class SelectedCells {
    private SelectedCells() {}

    /** The cells that the two methods chose. */
    private record Pair(CellScores icl, CellScores ft) {}

    /**
     * One cell for each model and data set; where the seed was not chosen, one for each seed. There is none where nothing was
     * chosen, or where the cell that a method chose has no scores.
     */
    static List<CellScores> of(List<CellScores> cells) {
        Map<List<String>, List<CellScores>> groups = new LinkedHashMap<>();
        for (CellScores cell : cells) {
            ResultRow first = cell.rows().get(0);
            if (first.chosen() != null && !first.chosen().isEmpty())
                groups.computeIfAbsent(List.of(first.model(), first.dataset()), key -> new ArrayList<>())
                        .add(cell);
        }
        List<CellScores> selected = new ArrayList<>();
        for (List<CellScores> group : groups.values()) {
            for (Pair pair : pairs(group)) selected.add(merged(pair));
        }
        return selected;
    }

    /** The pairs of a model and data set: one for each seed in which both chose, or the one choice of each. A single method stands for both. */
    private static Collection<Pair> pairs(List<CellScores> group) {
        List<CellScores> icl = chosenBy(ScoredMethod.ICL, group);
        List<CellScores> ft = chosenBy(ScoredMethod.FT, group);
        if (icl.isEmpty()) icl = ft;
        if (ft.isEmpty()) ft = icl;
        if (icl.size() == 1 && ft.size() == 1) return List.of(new Pair(icl.get(0), ft.get(0)));
        Map<Integer, CellScores> bySeed = new HashMap<>();
        ft.forEach(cell -> bySeed.put(cell.rows().get(0).seed(), cell));
        List<Pair> pairs = new ArrayList<>();
        for (CellScores cell : icl) {
            CellScores other = bySeed.get(cell.rows().get(0).seed());
            if (other != null) pairs.add(new Pair(cell, other));
        }
        return pairs;
    }

    private static List<CellScores> chosenBy(ScoredMethod method, List<CellScores> group) {
        return group.stream()
                .filter(cell ->
                        Objects.requireNonNull(cell.rows().get(0).chosen()).contains(method))
                .toList();
    }

    private static CellScores merged(Pair pair) {
        List<ResultRow> rows = new ArrayList<>();
        List<ExampleLine> examples = new ArrayList<>();
        for (ResultRow row : pair.icl.rows()) {
            ResultRow other = pair.ft.rows().stream()
                    .filter(r -> r.shots() == row.shots())
                    .findFirst()
                    .orElse(null);
            if (other == null) continue; // an order is measured at the largest count only
            String cell = row.cell() + " and " + other.cell();
            List<ExampleLine> lines = lines(cell, row.shots(), pair);
            examples.addAll(lines);
            rows.add(row(cell, row, other, lines));
        }
        return new CellScores(rows, examples);
    }

    private static ResultRow row(String cell, ResultRow icl, ResultRow ft, List<ExampleLine> lines) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (icl.metric(statistic.name()) != null || ft.metric(statistic.name()) != null)
                metrics.put(statistic.name().text(), Estimate.of(statistic, List.of(List.of(lines))));
        }
        boolean same = icl.template().equals(ft.template());
        return new ResultRow(
                        cell,
                        new CellId(
                                icl.model(),
                                icl.dataset(),
                                icl.seed(),
                                icl.order(),
                                SummaryRow.SELECTED,
                                same ? icl.template() : "icl " + icl.template() + ", ft " + ft.template()),
                        icl.fitted(),
                        ft.learningRate(),
                        icl.recordPosition(),
                        icl.status() == RowStatus.OK ? ft.status() : icl.status(),
                        icl.absence().isEmpty() ? ft.absence() : icl.absence(),
                        metrics)
                .withChoice(null, icl.selectedOn());
    }

    private static List<ExampleLine> lines(String cell, int shots, Pair pair) {
        List<ExampleLine> icl = at(shots, pair.icl);
        List<ExampleLine> ft = at(shots, pair.ft);
        return IntStream.range(0, Math.min(icl.size(), ft.size()))
                .mapToObj(i -> line(cell, icl.get(i), ft.get(i)))
                .toList();
    }

    private static ExampleLine line(String cell, ExampleLine icl, ExampleLine ft) {
        return new ExampleLine(
                cell,
                icl.shots(),
                icl.row(),
                icl.gold(),
                icl.zsl(),
                icl.icl(),
                ft.ft(),
                icl.zslDistribution(),
                icl.iclDistribution(),
                ft.ftDistribution(),
                null,
                null);
    }

    private static List<ExampleLine> at(int shots, CellScores cell) {
        return cell.examples().stream().filter(line -> line.shots() == shots).toList();
    }
}
