package org.dualform.score.cell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.RowStatus;
import org.dualform.score.similarity.SimilarityTable;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;
import org.jspecify.annotations.Nullable;

/** Scores one cell: pure arithmetic on outcomes, the same bytes for the same outcomes. */
public final class CellScorer {
    private CellScorer() {}

    public static CellScores score(CellRun run) {
        List<ResultRow> rows = new ArrayList<>();
        List<ExampleLine> examples = new ArrayList<>();
        for (FittedShots shots : run.shots()) {
            List<ExampleLine> lines = lines(run, shots);
            examples.addAll(lines);
            rows.add(row(run, shots, lines));
        }
        return new CellScores(rows, examples, layers(run, examples));
    }

    private static @Nullable SimilarityTable similarities(CellRun run, FittedShots shots) {
        RecordedSimilarities recorded = run.similarities();
        Integer here = shots.trueShots();
        return recorded == null || here == null || here != recorded.shots() ? null : recorded.table();
    }

    private static List<LayerSimilarity> layers(CellRun run, List<ExampleLine> examples) {
        List<LayerSimilarity> layers = new ArrayList<>();
        for (FittedShots shots : run.shots()) {
            SimilarityTable table = similarities(run, shots);
            if (table == null) continue;
            List<String> rows = examples.stream()
                    .filter(line -> line.shots() == shots.shots())
                    .map(ExampleLine::row)
                    .toList();
            layers.addAll(LayerLines.of(run, shots.shots(), table, rows));
        }
        return layers;
    }

    /** The similarities of a row that are defined, each as the mean over layers; null where nothing was recorded. */
    private static @Nullable Map<String, Double> similarities(@Nullable SimilarityTable table, int row) {
        if (table == null) return null;
        Map<String, Double> similarities = new LinkedHashMap<>();
        for (MetricName metric : table.metrics()) {
            double value = table.ofRow(metric, row);
            if (Double.isFinite(value)) similarities.put(metric.text(), value);
        }
        return similarities.isEmpty() ? null : similarities;
    }

    private static void addSimilarities(Map<String, Metric> metrics, SimilarityTable table, List<ExampleLine> lines) {
        for (MetricName name : table.metrics()) {
            Metric metric = Estimate.of(ExampleStatistic.similarity(name), List.of(List.of(lines)));
            if (metric.value() == null) {
                metric = table.absence(name)
                        .map(why -> Metric.undefined(name.kind(), why))
                        .orElse(metric);
            } else {
                for (Caution caution : table.cautions(name)) metric = metric.with(caution);
            }
            metrics.put(name.text(), metric);
        }
    }

    /** Zero demonstrations are zero-shot, whatever the method: every curve starts there. */
    private static @Nullable List<ExampleOutcome> outcomes(CellRun run, ScoredMethod method, FittedShots shots) {
        MethodRun of = run.run(method);
        if (of == null) return null;
        if (method != ScoredMethod.ZSL && !isZeroShot(shots))
            return of.outcomes().get(shots.shots());
        MethodRun zeroShot = run.run(ScoredMethod.ZSL);
        return zeroShot == null ? null : zeroShot.outcomes().get(0);
    }

    private static boolean isZeroShot(FittedShots shots) {
        Integer fit = shots.trueShots();
        return (fit == null ? shots.shots() : fit) == 0;
    }

    private static List<ExampleLine> lines(CellRun run, FittedShots shots) {
        List<ExampleOutcome> zsl = outcomes(run, ScoredMethod.ZSL, shots);
        List<ExampleOutcome> icl = outcomes(run, ScoredMethod.ICL, shots);
        List<ExampleOutcome> ft = outcomes(run, ScoredMethod.FT, shots);
        List<ExampleOutcome> any = Stream.of(isZeroShot(shots) ? zsl : icl, ft, zsl)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(List.of());
        SimilarityTable table = similarities(run, shots);
        List<ExampleLine> lines = new ArrayList<>(any.size());
        for (int i = 0; i < any.size(); i++) {
            ExampleOutcome here = any.get(i);
            lines.add(new ExampleLine(
                    run.cell(),
                    shots.shots(),
                    here.row(),
                    here.gold(),
                    predicted(zsl, i, here),
                    predicted(icl, i, here),
                    predicted(ft, i, here),
                    zsl == null ? null : zsl.get(i).distribution(),
                    icl == null ? null : icl.get(i).distribution(),
                    ft == null ? null : ft.get(i).distribution(),
                    overlap(icl, ft, i),
                    similarities(table, i)));
        }
        return lines;
    }

    private static @Nullable Double overlap(
            @Nullable List<ExampleOutcome> icl, @Nullable List<ExampleOutcome> ft, int index) {
        if (icl == null || ft == null) return null;
        double overlap = icl.get(index).tokenOverlap(ft.get(index));
        return Double.isNaN(overlap) ? null : overlap;
    }

    private static @Nullable Integer predicted(
            @Nullable List<ExampleOutcome> outcomes, int index, ExampleOutcome expected) {
        if (outcomes == null) {
            return null;
        }
        ExampleOutcome outcome = outcomes.get(index);
        if (!outcome.row().equals(expected.row()) || outcome.gold() != expected.gold()) {
            throw new IllegalArgumentException(
                    "methods of a cell must be evaluated on the same rows in the same order; at position " + index
                            + " are " + expected.row() + " and " + outcome.row());
        }
        return outcome.predicted();
    }

    private static ResultRow row(CellRun run, FittedShots shots, List<ExampleLine> lines) {
        List<Absence> absence = absences(run, run.asked(), shots);
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (!isAsked(run, statistic)) continue;
            List<Absence> lacking = absences(run, statistic.needs(), shots);
            metrics.put(
                    statistic.name().text(),
                    lacking.isEmpty()
                            ? Estimate.of(statistic, List.of(List.of(lines)))
                            : Metric.undefined(statistic.name().kind(), lacking));
        }
        SimilarityTable similarities = similarities(run, shots);
        if (similarities != null) addSimilarities(metrics, similarities, lines);
        costs(run, shots.shots()).forEach((name, value) -> metrics.put(name, Metric.cost(value)));
        return new ResultRow(
                run.cell(),
                run.id(),
                shots,
                run.learningRate(),
                run.recordPosition(),
                status(absence),
                absence,
                metrics);
    }

    /** Why each of these methods gave nothing at that count; empty where all gave something. */
    private static List<Absence> absences(CellRun run, Set<ScoredMethod> methods, FittedShots shots) {
        List<Absence> absences = new ArrayList<>();
        for (ScoredMethod method : ScoredMethod.values()) {
            if (!methods.contains(method) || outcomes(run, method, shots) != null) continue;
            MethodRun of = run.run(method);
            Integer step = of == null ? null : of.divergedAt();
            absences.add(step == null ? new Absence.Missing(method) : new Absence.Diverged(method, step));
        }
        return absences;
    }

    private static RowStatus status(List<Absence> absence) {
        if (absence.isEmpty()) return RowStatus.OK;
        return absence.stream().anyMatch(Absence::isMissing) ? RowStatus.MISSING : RowStatus.DIVERGED;
    }

    private static boolean isAsked(CellRun run, ExampleStatistic statistic) {
        return statistic.needs().stream()
                .allMatch(method -> method == ScoredMethod.ZSL || run.asked().contains(method));
    }

    private static Map<String, Double> costs(CellRun run, int shots) {
        Map<String, Double> costs = new TreeMap<>(run.facts().getOrDefault(shots, Map.of()));
        for (ScoredMethod method : ScoredMethod.values()) {
            MethodRun of = run.run(method);
            if (of != null) costs.putAll(of.costs().getOrDefault(method == ScoredMethod.ZSL ? 0 : shots, Map.of()));
        }
        return costs;
    }
}
