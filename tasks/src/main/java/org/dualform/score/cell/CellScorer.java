package org.dualform.score.cell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.Metric;
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
        for (int shots : run.shots()) {
            List<ExampleLine> lines = lines(run, shots);
            examples.addAll(lines);
            rows.add(row(run, shots, lines));
        }
        return new CellScores(rows, examples, layers(run, examples));
    }

    private static @Nullable SimilarityTable similarities(CellRun run, int shots) {
        RecordedSimilarities recorded = run.similarities();
        Integer here = run.trueShots().get(shots);
        return recorded == null || here == null || here != recorded.shots() ? null : recorded.table();
    }

    private static List<LayerSimilarity> layers(CellRun run, List<ExampleLine> examples) {
        List<LayerSimilarity> layers = new ArrayList<>();
        for (int shots : run.shots()) {
            SimilarityTable table = similarities(run, shots);
            if (table == null) continue;
            List<String> rows = examples.stream()
                    .filter(line -> line.shots() == shots)
                    .map(ExampleLine::row)
                    .toList();
            layers.addAll(LayerLines.of(run, shots, table, rows));
        }
        return layers;
    }

    /** A row's similarities where they are defined, each its mean over layers; null where nothing was recorded. */
    private static @Nullable Map<String, Double> similarities(@Nullable SimilarityTable table, int row) {
        if (table == null) return null;
        Map<String, Double> similarities = new LinkedHashMap<>();
        for (String metric : table.metrics()) {
            double value = table.ofRow(metric, row);
            if (Double.isFinite(value)) similarities.put(metric, value);
        }
        return similarities.isEmpty() ? null : similarities;
    }

    private static void addSimilarities(Map<String, Metric> metrics, SimilarityTable table, List<ExampleLine> lines) {
        for (String name : table.metrics()) {
            Metric metric = Estimate.of(ExampleStatistic.similarity(name), List.of(List.of(lines)));
            String caution = table.caution(name);
            if (metric.value() == null) metrics.put(name, metric.withReason(caution));
            else metrics.put(name, caution.isEmpty() ? metric : metric.withCaution(caution));
        }
    }

    /** Zero demonstrations are zero-shot, whatever the method: every curve starts there. */
    private static @Nullable List<ExampleOutcome> outcomes(CellRun run, String method, int shots) {
        MethodRun of = method(run, method);
        boolean zeroShot = method.equals("zsl") || run.trueShots().getOrDefault(shots, shots) == 0;
        if (zeroShot) {
            MethodRun zsl = run.zsl();
            return zsl == null || of == null ? null : zsl.outcomes().get(0);
        }
        return of == null ? null : of.outcomes().get(shots);
    }

    private static @Nullable MethodRun method(CellRun run, String method) {
        return switch (method) {
            case "zsl" -> run.zsl();
            case "icl" -> run.icl();
            case "ft" -> run.ft();
            default -> throw new IllegalArgumentException("no such method: " + method);
        };
    }

    private static List<ExampleLine> lines(CellRun run, int shots) {
        List<ExampleOutcome> zsl = outcomes(run, "zsl", shots);
        List<ExampleOutcome> icl = outcomes(run, "icl", shots);
        List<ExampleOutcome> ft = outcomes(run, "ft", shots);
        List<ExampleOutcome> any = Stream.of(
                        run.trueShots().getOrDefault(shots, shots) == 0 ? "zsl" : "icl", "ft", "zsl")
                .map(m -> outcomes(run, m, shots))
                .filter(o -> o != null)
                .findFirst()
                .orElse(List.of());
        List<ExampleLine> lines = new ArrayList<>(any.size());
        for (int i = 0; i < any.size(); i++) {
            ExampleOutcome here = any.get(i);
            lines.add(new ExampleLine(
                    run.cell(),
                    shots,
                    here.row(),
                    here.gold(),
                    predicted(zsl, i, here),
                    predicted(icl, i, here),
                    predicted(ft, i, here),
                    zsl == null ? null : zsl.get(i).distribution(),
                    icl == null ? null : icl.get(i).distribution(),
                    ft == null ? null : ft.get(i).distribution(),
                    overlap(icl, ft, i),
                    similarities(similarities(run, shots), i)));
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
                    "methods of a cell must be evaluated on the same rows in the same order; " + "at position " + index
                            + " are " + expected.row() + " and " + outcome.row());
        }
        return outcome.predicted();
    }

    private static ResultRow row(CellRun run, int shots, List<ExampleLine> lines) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        List<String> reasons = new ArrayList<>();
        RowStatus status = RowStatus.OK;
        for (String method : run.methods()) {
            if (outcomes(run, method, shots) == null) {
                MethodRun of = method(run, method);
                String diverged = of == null ? null : of.diverged();
                reasons.add(method + (diverged == null ? " is missing" : " " + diverged));
                status = diverged != null && status == RowStatus.OK ? RowStatus.DIVERGED : status;
                status = diverged == null ? RowStatus.MISSING : status;
            }
        }
        String reason = reasons.isEmpty() ? null : String.join("; ", reasons);
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (asked(run, statistic)) {
                boolean all = statistic.needs().stream().allMatch(m -> outcomes(run, m, shots) != null);
                metrics.put(
                        statistic.name(),
                        all
                                ? Estimate.of(statistic, List.of(List.of(lines)))
                                : Metric.undefined(0, reason == null ? "zero-shot is missing" : reason));
            }
        }
        SimilarityTable similarities = similarities(run, shots);
        if (similarities != null) addSimilarities(metrics, similarities, lines);
        costs(run, shots).forEach((name, value) -> metrics.put(name, Metric.cost(value)));
        return new ResultRow(
                run.cell(),
                run.model(),
                run.dataset(),
                run.seed(),
                run.order(),
                run.arm(),
                shots,
                run.trueShots().get(shots),
                run.contextTokens().get(shots),
                run.template(),
                run.learningRate(),
                run.recordPosition(),
                status,
                reason,
                metrics);
    }

    private static boolean asked(CellRun run, ExampleStatistic statistic) {
        return statistic.needs().stream()
                .allMatch(m -> m.equals("zsl") || run.methods().contains(m));
    }

    private static Map<String, Double> costs(CellRun run, int shots) {
        Map<String, Double> costs = new java.util.TreeMap<>(run.facts().getOrDefault(shots, Map.of()));
        for (String method : List.of("zsl", "icl", "ft")) {
            MethodRun of = method(run, method);
            if (of != null) {
                costs.putAll(of.costs().getOrDefault(method.equals("zsl") ? 0 : shots, Map.of()));
            }
        }
        return costs;
    }
}
