package org.dualform.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scores one cell: pure arithmetic on outcomes, the same bytes for the same outcomes. */
public final class CellScorer {
    private CellScorer() {}

    public static CellScores score(CellRun run) {
        List<Row> rows = new ArrayList<>();
        List<ExampleLine> examples = new ArrayList<>();
        for (int shots : run.shots()) {
            List<ExampleLine> lines = lines(run, shots);
            examples.addAll(lines);
            rows.add(row(run, shots, lines));
        }
        return new CellScores(List.copyOf(rows), List.copyOf(examples));
    }

    /** Zero demonstrations are zero-shot, whatever the method: every curve starts there. */
    private static @Nullable List<Outcome> outcomes(CellRun run, String method, int shots) {
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
        List<Outcome> zsl = outcomes(run, "zsl", shots);
        List<Outcome> icl = outcomes(run, "icl", shots);
        List<Outcome> ft = outcomes(run, "ft", shots);
        List<Outcome> any = Stream.of(run.trueShots().getOrDefault(shots, shots) == 0 ? "zsl" : "icl", "ft", "zsl")
                .map(m -> outcomes(run, m, shots))
                .filter(o -> o != null)
                .findFirst()
                .orElse(List.of());
        List<ExampleLine> lines = new ArrayList<>(any.size());
        for (int i = 0; i < any.size(); i++) {
            Outcome here = any.get(i);
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
                    ft == null ? null : ft.get(i).distribution()));
        }
        return lines;
    }

    private static @Nullable Integer predicted(@Nullable List<Outcome> outcomes, int index, Outcome expected) {
        if (outcomes == null) {
            return null;
        }
        Outcome outcome = outcomes.get(index);
        if (!outcome.row().equals(expected.row()) || outcome.gold() != expected.gold()) {
            throw new IllegalArgumentException(
                    "methods of a cell must be evaluated on the same rows in the same order; " + "at position " + index
                            + " are " + expected.row() + " and " + outcome.row());
        }
        return outcome.predicted();
    }

    private static Row row(CellRun run, int shots, List<ExampleLine> lines) {
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
        costs(run, shots).forEach((name, value) -> metrics.put(name, Metric.cost(value)));
        return new Row(
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
