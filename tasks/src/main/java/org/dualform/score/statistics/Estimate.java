package org.dualform.score.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.Interval;
import org.dualform.score.result.Metric;

/**
 * Turns an {@link ExampleStatistic} into a {@link Metric}.
 *
 * <p>The lines come as (seeds, orders, examples): every seed and order saw the same examples in the same order. Orders of
 * one seed are the same cases seen again, so they are averaged first and do not add to n.
 */
public final class Estimate {
    /** Under this many cases a share is named "too few". */
    private static final int FEW = 10;

    private static final List<String> METHODS = List.of("zsl", "icl", "ft");

    private Estimate() {}

    public static Metric of(ExampleStatistic statistic, List<List<List<ExampleLine>>> lines) {
        double[][] above = meanOverOrders(lines, statistic.counted()); // (seeds, examples)
        double[][] below = meanOverOrders(lines, statistic.among()); // (seeds, examples)
        double total = sum(below);
        int n = (int) Math.round(total);
        if (total == 0) {
            return Metric.undefined(0, statistic.ifEmpty());
        }
        boolean oneCell = lines.size() == 1 && lines.get(0).size() == 1;
        Metric metric = oneCell && statistic.share()
                ? Metric.of(sum(above) / total, n, Wilson.interval(Math.round(sum(above)), n))
                : bootstrapped(statistic, sum(above) / total, n, above, below);
        if (n < FEW) metric = metric.withReason("too few: n = " + n);
        String undefined = statistic.kind() == ExampleStatistic.Kind.MEAN ? "" : undefined(statistic.needs(), lines);
        return undefined.isEmpty() ? metric : metric.withCaution(undefined);
    }

    /** Answers that are none, since a score was not finite: by method; empty if every answer is one. */
    private static String undefined(Set<String> methods, List<List<List<ExampleLine>>> lines) {
        List<String> cautions = new ArrayList<>();
        for (String method : METHODS) {
            if (!methods.contains(method)) continue;
            List<ExampleLine> all =
                    lines.stream().flatMap(List::stream).flatMap(List::stream).toList();
            long none = all.stream()
                    .filter(line -> Integer.valueOf(ExampleOutcome.UNDEFINED).equals(line.predicted(method)))
                    .count();
            if (none > 0)
                cautions.add(none + " of " + all.size() + " answers of " + method
                        + " undefined (scores not finite) and counted as wrong");
        }
        return String.join(", ", cautions);
    }

    /** All draws of the statistic, with its made-up cases. */
    public static CrossedBootstrap.Draws draws(ExampleStatistic statistic, List<List<List<ExampleLine>>> lines) {
        return draws(
                statistic.kind(), meanOverOrders(lines, statistic.counted()), meanOverOrders(lines, statistic.among()));
    }

    public static CrossedBootstrap.Draws draws(ExampleStatistic.Kind kind, double[][] above, double[][] below) {
        double[] madeUp = kind.madeUp();
        double[] counted = new double[madeUp.length];
        Arrays.fill(counted, 1);
        return CrossedBootstrap.draws(extended(above, madeUp), extended(below, counted));
    }

    private static double[][] extended(double[][] matrix, double[] more) {
        return Arrays.stream(matrix)
                .map(row -> DoubleStream.concat(Arrays.stream(row), Arrays.stream(more))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static Metric bootstrapped(
            ExampleStatistic statistic, double value, int n, double[][] above, double[][] below) {
        CrossedBootstrap.Draws draws = draws(statistic.kind(), above, below);
        Interval interval = draws.interval();
        Metric metric = Double.isNaN(interval.low())
                ? Metric.of(value, n).withReason("too few cases for an interval")
                : Metric.of(value, n, interval.including(value));
        if (statistic.kind() == ExampleStatistic.Kind.DIFFERENCE) metric = metric.withP(draws.p());
        return above.length == 1 ? metric : withSeeds(metric, above, below);
    }

    private static Metric withSeeds(Metric metric, double[][] above, double[][] below) {
        double[] perSeed = IntStream.range(0, above.length)
                .mapToDouble(s ->
                        Arrays.stream(above[s]).sum() / Arrays.stream(below[s]).sum())
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        Metric ranged = metric.withSeedRange(perSeed[0], perSeed[perSeed.length - 1]);
        return above.length < CrossedBootstrap.MIN_SEEDS && ranged.reason() == null
                ? ranged.withReason("given these " + above.length + " seeds")
                : ranged;
    }

    private static double[][] meanOverOrders(List<List<List<ExampleLine>>> lines, ToDoubleFunction<ExampleLine> value) {
        return lines.stream()
                .map(orders -> IntStream.range(0, orders.get(0).size())
                        .mapToDouble(e -> orders.stream()
                                .mapToDouble(order -> value.applyAsDouble(order.get(e)))
                                .average()
                                .orElse(0))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double sum(double[][] matrix) {
        return Arrays.stream(matrix).flatMapToDouble(Arrays::stream).sum();
    }
}
