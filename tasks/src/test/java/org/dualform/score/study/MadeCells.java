package org.dualform.score.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;

/**
 * Scored cells whose answers are written out. A method's answers are a string with one character a row: {@code +} is
 * right, {@code -} is wrong, {@code ?} is undefined; null stands for a method that gave nothing. The right label is 0.
 */
final class MadeCells {
    private MadeCells() {}

    static CellId id(int seed, int order) {
        return new CellId("m", "d", seed, order, Arms.MAIN, "t");
    }

    /** {@code right} right answers, then wrong ones up to {@code rows}. */
    static String answers(int right, int rows) {
        return "+".repeat(right) + "-".repeat(rows - right);
    }

    /** A cell of one shot count, with every metric for which its methods suffice. */
    static CellScores cell(
            String name, CellId id, int shots, @Nullable String zsl, @Nullable String icl, @Nullable String ft) {
        List<ExampleLine> lines = lines(name, shots, zsl, icl, ft);
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (statistic.needs().stream().allMatch(method -> answersOf(method, zsl, icl, ft) != null))
                metrics.put(statistic.name().text(), Estimate.of(statistic, List.of(List.of(lines))));
        }
        ResultRow row = new ResultRow(
                name, id, new FittedShots(shots, shots, 10 * shots), .1, "predict", RowStatus.OK, List.of(), metrics);
        return new CellScores(List.of(row), lines);
    }

    /** One cell with the rows and the lines of all of {@code counts}. */
    static CellScores joined(CellScores... counts) {
        List<ResultRow> rows = new ArrayList<>();
        List<ExampleLine> lines = new ArrayList<>();
        for (CellScores count : counts) {
            rows.addAll(count.rows());
            lines.addAll(count.examples());
        }
        return new CellScores(rows, lines);
    }

    /** The same cell with these metrics beside its own. */
    static CellScores with(CellScores cell, Map<String, Metric> more) {
        ResultRow row = cell.rows().get(0);
        Map<String, Metric> metrics = new LinkedHashMap<>(row.metrics());
        metrics.putAll(more);
        return new CellScores(List.of(row.withMetrics(metrics)), cell.examples());
    }

    static List<ExampleLine> lines(
            String name, int shots, @Nullable String zsl, @Nullable String icl, @Nullable String ft) {
        int rows = 0;
        for (ScoredMethod method : ScoredMethod.values()) {
            String answers = answersOf(method, zsl, icl, ft);
            if (answers != null) rows = answers.length();
        }
        List<ExampleLine> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++)
            lines.add(new ExampleLine(
                    name,
                    shots,
                    "r" + i,
                    0,
                    predicted(zsl, i),
                    predicted(icl, i),
                    predicted(ft, i),
                    distribution(zsl, i),
                    distribution(icl, i),
                    distribution(ft, i)));
        return lines;
    }

    private static @Nullable String answersOf(
            ScoredMethod method, @Nullable String zsl, @Nullable String icl, @Nullable String ft) {
        return switch (method) {
            case ZSL -> zsl;
            case ICL -> icl;
            case FT -> ft;
        };
    }

    private static @Nullable Integer predicted(@Nullable String answers, int row) {
        if (answers == null) return null;
        return switch (answers.charAt(row)) {
            case '+' -> 0;
            case '-' -> 1;
            default -> ExampleOutcome.UNDEFINED;
        };
    }

    private static @Nullable List<Double> distribution(@Nullable String answers, int row) {
        if (answers == null) return null;
        return switch (answers.charAt(row)) {
            case '+' -> List.of(.75, .25);
            case '-' -> List.of(.25, .75);
            default -> List.of();
        };
    }
}
