package org.dualform.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Over the seeds: the crossed design of {@link CrossedBootstrap} applied to every {@link ExampleStatistic}. */
public final class StudySummary {
    private StudySummary() {}

    private record Key(String model, String dataset, String arm, int shots) {}

    /** One summary row a (model, data set, arm, shots), in order of appearance; cells without examples are left out. */
    public static List<SummaryRow> of(List<CellScores> cells) {
        Map<Key, List<Row>> groups = new LinkedHashMap<>();
        Map<String, List<ExampleLine>> lines = new LinkedHashMap<>();
        for (CellScores cell : cells) {
            cell.rows()
                    .forEach(r -> groups.computeIfAbsent(
                                    new Key(r.model(), r.dataset(), r.arm(), r.shots()), k -> new ArrayList<>())
                            .add(r));
            cell.examples()
                    .forEach(l -> lines.computeIfAbsent(l.cell() + " " + l.shots(), k -> new ArrayList<>())
                            .add(l));
        }
        return groups.entrySet().stream()
                .map(group -> summary(group.getKey(), group.getValue(), lines))
                .toList();
    }

    private static SummaryRow summary(Key key, List<Row> rows, Map<String, List<ExampleLine>> lines) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        List<Integer> seeds = rows.stream().map(Row::seed).distinct().sorted().toList();
        for (ExampleStatistic statistic : ExampleStatistic.ALL) {
            if (rows.stream().anyMatch(r -> r.metrics().containsKey(statistic.name()))) {
                metrics.put(statistic.name(), overSeeds(statistic, rows, lines));
            }
        }
        metrics.putAll(OrderSensitivity.of(rows));
        costNames(rows).forEach(name -> metrics.put(name, meanCost(rows, name)));
        return new SummaryRow(key.model(), key.dataset(), key.arm(), key.shots(), seeds, metrics);
    }

    private static Metric overSeeds(ExampleStatistic statistic, List<Row> rows, Map<String, List<ExampleLine>> lines) {
        Map<Integer, List<List<ExampleLine>>> bySeed = new TreeMap<>();
        String lacking = null;
        for (Row row : rows) {
            Metric metric = row.metrics().get(statistic.name());
            List<ExampleLine> cell = lines.getOrDefault(row.cell() + " " + row.shots(), List.of());
            boolean measured = metric != null
                    && !cell.isEmpty()
                    && (metric.value() != null || statistic.ifEmpty().equals(metric.reason()));
            if (measured) {
                bySeed.computeIfAbsent(row.seed(), s -> new ArrayList<>()).add(cell);
            } else {
                lacking = row.reason() == null ? "not measured" : row.reason();
            }
        }
        if (bySeed.isEmpty()) {
            return Metric.undefined(0, lacking == null ? "not measured" : lacking);
        }
        requireSameExamples(bySeed);
        Metric metric = Estimate.of(statistic, List.copyOf(bySeed.values()));
        int absent = (int) (rows.stream().map(Row::seed).distinct().count() - bySeed.size());
        return absent == 0 ? metric : metric.withReason(absent + " of the seeds missing: " + lacking);
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

    private static List<String> costNames(List<Row> rows) {
        return rows.stream()
                .flatMap(r -> r.metrics().entrySet().stream())
                .filter(e -> e.getValue().n() == null)
                .map(Map.Entry::getKey)
                .distinct()
                .sorted()
                .toList();
    }

    /** The mean over cells; costs carry no interval. */
    private static Metric meanCost(List<Row> rows, String name) {
        List<Double> values = rows.stream()
                .map(r -> r.metrics().get(name))
                .filter(m -> m != null)
                .map(Metric::value)
                .filter(v -> v != null)
                .collect(Collectors.toList());
        return values.isEmpty()
                ? Metric.undefined(null, "not measured")
                : Metric.cost(values.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(Double.NaN));
    }
}
