package org.dualform.score.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;

/**
 * The difference of one statistic between two studies that evaluated the same rows. Each row is compared with itself, so
 * that what makes a row easy or hard for both has no part in the interval. Where both have the same seeds, these are
 * paired too; otherwise each study's seeds are averaged, and the interval holds given these seeds.
 */
public final class PairedDifference {
    private PairedDifference() {}

    /**
     * Other minus first.
     *
     * @param statistic a mean over all rows, such as an accuracy or the difference of two
     * @param first by seed, the lines of each of its orders; all of the same rows
     * @param other the same of the other study
     * @return empty if the rows are not the same, or a method's answers are missing
     */
    public static Optional<Metric> of(
            ExampleStatistic statistic,
            Map<Integer, List<List<ExampleLine>>> first,
            Map<Integer, List<List<ExampleLine>>> other) {
        SortedMap<Integer, List<List<ExampleLine>>> one = sorted(first);
        SortedMap<Integer, List<List<ExampleLine>>> two = sorted(other);
        List<List<String>> rows = new ArrayList<>();
        for (var study : List.of(one, two))
            for (List<List<ExampleLine>> orders : study.values())
                for (List<ExampleLine> lines : orders) {
                    rows.add(lines.stream().map(ExampleLine::row).toList());
                    if (!answered(statistic, lines)) return Optional.empty();
                }
        if (one.isEmpty()
                || two.isEmpty()
                || rows.get(0).isEmpty()
                || rows.stream().distinct().count() != 1) return Optional.empty();
        double[][] differences = differences(statistic, one, two);
        double[][] ones = new double[differences.length][differences[0].length];
        for (double[] row : ones) Arrays.fill(row, 1);
        double mean = Arrays.stream(differences)
                .flatMapToDouble(Arrays::stream)
                .average()
                .orElseThrow();
        Interval interval =
                Estimate.draws(MetricKind.DIFFERENCE, differences, ones).interval();
        Metric metric = Metric.of(
                MetricKind.DIFFERENCE, mean, differences.length * differences[0].length, interval.including(mean));
        return Optional.of(
                differences.length < CrossedBootstrap.MIN_SEEDS
                        ? metric.with(new Caution.GivenSeeds(Math.max(one.size(), two.size())))
                        : metric);
    }

    /** (seeds, rows), or one line of means where the seeds are not the same. */
    private static double[][] differences(
            ExampleStatistic statistic,
            SortedMap<Integer, List<List<ExampleLine>>> one,
            SortedMap<Integer, List<List<ExampleLine>>> two) {
        double[][] first = Estimate.meanOverOrders(List.copyOf(one.values()), statistic.counted());
        double[][] other = Estimate.meanOverOrders(List.copyOf(two.values()), statistic.counted());
        if (!one.keySet().equals(two.keySet())) {
            first = new double[][] {means(first)};
            other = new double[][] {means(other)};
        }
        double[][] differences = new double[first.length][first[0].length];
        for (int s = 0; s < differences.length; s++)
            for (int e = 0; e < differences[s].length; e++) differences[s][e] = other[s][e] - first[s][e];
        return differences;
    }

    private static double[] means(double[][] seeds) {
        double[] means = new double[seeds[0].length];
        for (double[] seed : seeds) for (int e = 0; e < means.length; e++) means[e] += seed[e] / seeds.length;
        return means;
    }

    private static boolean answered(ExampleStatistic statistic, List<ExampleLine> lines) {
        for (ScoredMethod method : statistic.needs())
            for (ExampleLine line : lines) if (line.predicted(method) == null) return false;
        return true;
    }

    private static SortedMap<Integer, List<List<ExampleLine>>> sorted(Map<Integer, List<List<ExampleLine>>> bySeed) {
        SortedMap<Integer, List<List<ExampleLine>>> sorted = new TreeMap<>();
        bySeed.forEach((seed, orders) -> sorted.put(
                seed,
                orders.stream()
                        .map(lines -> lines.stream()
                                .sorted(Comparator.comparing(ExampleLine::row))
                                .toList())
                        .toList()));
        return sorted;
    }
}
