package org.dualform.score.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dualform.score.cell.CellScores;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.statistics.CrossedBootstrap;
import org.dualform.score.statistics.Estimate;
import org.dualform.score.statistics.ExampleStatistic;
import org.dualform.score.statistics.SimultaneousBand;
import org.jspecify.annotations.Nullable;

/** The metrics over seeds: every {@link ExampleStatistic} under the crossed design of {@link CrossedBootstrap}. */
public final class StudySummary {
    private StudySummary() {}

    private record Key(String model, String dataset, String arm, int shots, String template) {}

    /**
     * The summary of a study: a row for each model, data set, template, arm and shot count, and rows of what was chosen, in
     * order of appearance. A cell without examples has no part in it.
     */
    public static List<SummaryRow> of(List<CellScores> scored) {
        List<CellScores> cells = new ArrayList<>(scored);
        cells.addAll(SelectedCells.of(scored));
        Map<Key, List<ResultRow>> groups = new LinkedHashMap<>();
        Map<String, List<ExampleLine>> lines = new LinkedHashMap<>();
        for (CellScores cell : cells) {
            cell.rows()
                    .forEach(r -> groups.computeIfAbsent(
                                    new Key(r.model(), r.dataset(), r.arm(), r.shots(), r.template()),
                                    k -> new ArrayList<>())
                            .add(r));
            cell.examples()
                    .forEach(l -> lines.computeIfAbsent(l.cell() + " " + l.shots(), k -> new ArrayList<>())
                            .add(l));
        }
        List<SummaryRow> summary = new ArrayList<>();
        Map<String, Map<Integer, CrossedBootstrap.Draws>> draws = new LinkedHashMap<>();
        groups.forEach((key, rows) -> {
            summary.add(summary(key, rows, lines));
            for (ExampleStatistic statistic : ExampleStatistic.ALL) {
                if (statistic.name().quantity() != Quantity.ACCURACY) continue;
                Map<Integer, List<List<ExampleLine>>> measured = measured(statistic, rows, lines);
                if (measured.isEmpty()) continue;
                draws.computeIfAbsent(curve(key, statistic.name().text()), k -> new TreeMap<>())
                        .put(key.shots(), Estimate.draws(statistic, List.copyOf(measured.values())));
            }
        });
        Map<String, Map<Integer, Interval>> bands = new LinkedHashMap<>();
        draws.forEach((curve, byShots) -> bands.put(curve, SimultaneousBand.of(byShots)));
        return summary.stream().map(row -> banded(row, bands)).toList();
    }

    private static String curve(Key key, String metric) {
        return String.join("\n", key.model(), key.dataset(), key.template(), key.arm(), metric);
    }

    private static SummaryRow banded(SummaryRow row, Map<String, Map<Integer, Interval>> bands) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        row.metrics().forEach((name, metric) -> {
            String template = Objects.requireNonNullElse(row.template(), "");
            String curve = curve(new Key(row.model(), row.dataset(), row.arm(), row.shots(), template), name);
            Interval band = bands.getOrDefault(curve, Map.of()).get(row.shots());
            Double value = metric.value();
            if (band == null || value == null) {
                metrics.put(name, metric);
            } else {
                Interval held = band.including(value);
                metrics.put(name, metric.withBand(Math.max(0, held.low()), Math.min(1, held.high())));
            }
        });
        return row.withMetrics(metrics);
    }

    private static SummaryRow summary(Key key, List<ResultRow> rows, Map<String, List<ExampleLine>> lines) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        List<Integer> seeds =
                rows.stream().map(ResultRow::seed).distinct().sorted().toList();
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (rows.stream().anyMatch(r -> r.metric(statistic.name()) != null)) {
                metrics.put(statistic.name().text(), overSeeds(statistic, rows, lines));
            }
        }
        metrics.putAll(OrderSensitivity.of(rows));
        for (MetricName name : similarityNames(rows)) {
            Metric metric = overSeeds(ExampleStatistic.similarity(name), rows, lines);
            metrics.put(name.text(), withUndefined(metric, rows, name));
        }
        costNames(rows).forEach(name -> metrics.put(name, meanCost(rows, name)));
        String selectedOn = rows.stream()
                .map(ResultRow::selectedOn)
                .filter(on -> on != null)
                .findFirst()
                .orElse(null);
        return new SummaryRow(
                key.model(), key.dataset(), key.arm(), key.shots(), seeds, key.template(), selectedOn, metrics);
    }

    private static Metric overSeeds(
            ExampleStatistic statistic, List<ResultRow> rows, Map<String, List<ExampleLine>> lines) {
        Map<Integer, List<List<ExampleLine>>> bySeed = measured(statistic, rows, lines);
        List<Absence> lacking = lacking(rows.stream()
                .filter(row -> !isMeasured(statistic, row, lines))
                .flatMap(row -> lacking(row, row.metric(statistic.name())).stream())
                .toList());
        if (bySeed.isEmpty()) {
            return Metric.undefined(
                    statistic.name().kind(), lacking.isEmpty() ? List.of(new Absence.NotMeasured()) : lacking);
        }
        requireSameExamples(bySeed);
        Metric metric = Estimate.of(statistic, List.copyOf(bySeed.values()));
        int absent = (int) (rows.stream().map(ResultRow::seed).distinct().count() - bySeed.size());
        return absent == 0 ? metric : metric.with(new Caution.SeedsMissing(absent, lacking));
    }

    /** One absence for each type and method, the last: cells may have diverged at different steps. */
    private static List<Absence> lacking(List<Absence> absences) {
        Map<List<Object>, Absence> byMethod = new LinkedHashMap<>();
        for (Absence absence : absences) {
            Object method = absence instanceof Absence.Diverged diverged ? diverged.method() : absence;
            byMethod.put(List.of(absence.getClass(), method), absence);
        }
        return List.copyOf(byMethod.values());
    }

    /** The similarity, with the cautions of its cells about what is undefined in them. */
    private static Metric withUndefined(Metric metric, List<ResultRow> rows, MetricName name) {
        if (metric.value() == null) return metric;
        Metric cautioned = metric;
        for (ResultRow row : rows) {
            Metric ofCell = row.metric(name);
            if (ofCell == null) continue;
            for (Caution caution : ofCell.cautions())
                if (caution.isPartlyUndefined()) cautioned = cautioned.with(caution);
        }
        return cautioned;
    }

    /** By seed, the examples of each of its orders in which the statistic was measured. */
    private static Map<Integer, List<List<ExampleLine>>> measured(
            ExampleStatistic statistic, List<ResultRow> rows, Map<String, List<ExampleLine>> lines) {
        Map<Integer, List<List<ExampleLine>>> bySeed = new TreeMap<>();
        for (ResultRow row : rows) {
            if (isMeasured(statistic, row, lines))
                bySeed.computeIfAbsent(row.seed(), s -> new ArrayList<>()).add(examples(row, lines));
        }
        return bySeed;
    }

    private static boolean isMeasured(ExampleStatistic statistic, ResultRow row, Map<String, List<ExampleLine>> lines) {
        Metric metric = row.metric(statistic.name());
        return metric != null
                && !examples(row, lines).isEmpty()
                && (metric.value() != null
                        || metric.absence().contains(new Absence.EmptyDenominator(statistic.denominator())));
    }

    private static List<ExampleLine> examples(ResultRow row, Map<String, List<ExampleLine>> lines) {
        return lines.getOrDefault(row.cell() + " " + row.shots(), List.of());
    }

    private static List<Absence> lacking(ResultRow row, @Nullable Metric metric) {
        if (metric != null && !metric.absence().isEmpty()) return metric.absence();
        return row.absence().isEmpty() ? List.of(new Absence.NotMeasured()) : row.absence();
    }

    private static void requireSameExamples(Map<Integer, List<List<ExampleLine>>> bySeed) {
        long different = bySeed.values().stream()
                .flatMap(List::stream)
                .map(cell -> cell.stream().map(ExampleLine::row).toList())
                .distinct()
                .count();
        if (different != 1) {
            throw new IllegalArgumentException(
                    "all seeds and orders must be evaluated on the same rows in the same order; found " + different
                            + " different row lists");
        }
    }

    private static List<MetricName> similarityNames(List<ResultRow> rows) {
        return rows.stream()
                .flatMap(r -> r.metrics().keySet().stream())
                .distinct()
                .flatMap(name -> MetricName.find(name).stream())
                .filter(name -> name.quantity().isRecorded())
                .toList();
    }

    private static List<String> costNames(List<ResultRow> rows) {
        return rows.stream()
                .flatMap(r -> r.metrics().entrySet().stream())
                .filter(e -> e.getValue().kind() == MetricKind.COST)
                .map(Map.Entry::getKey)
                .distinct()
                .sorted()
                .toList();
    }

    /** The mean over cells; costs carry no interval. */
    private static Metric meanCost(List<ResultRow> rows, String name) {
        List<Double> values = rows.stream()
                .map(r -> r.metrics().get(name))
                .filter(m -> m != null)
                .map(Metric::value)
                .filter(v -> v != null)
                .collect(Collectors.toList());
        return values.isEmpty()
                ? Metric.noCost(new Absence.NotMeasured())
                : Metric.cost(values.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(Double.NaN));
    }
}
