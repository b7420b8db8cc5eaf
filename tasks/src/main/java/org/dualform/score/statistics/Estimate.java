package org.dualform.score.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;

/**
 * Turns an {@link ExampleStatistic} into a {@link Metric}: the value, its interval, n and what to bear in mind.
 *
 * <p>The lines come as (seeds, orders, examples). Every seed and order was evaluated on the same examples in the same
 * order. Orders of one seed are the same cases seen again; they are averaged first and do not add to n.
 */
public final class Estimate {
    /** A metric of fewer cases says that they are few. */
    private static final int FEW = 10;

    private Estimate() {}

    public static Metric of(ExampleStatistic statistic, List<List<List<ExampleLine>>> lines) {
        double[][] above = meanOverOrders(lines, statistic.counted()); // (seeds, examples)
        double[][] below = meanOverOrders(lines, statistic.among()); // (seeds, examples)
        double total = sum(below);
        int n = (int) Math.round(total);
        MetricKind kind = statistic.kind();
        if (total == 0) return Metric.undefined(kind, new Absence.EmptyDenominator(statistic.denominator()));
        boolean oneCell = lines.size() == 1 && lines.get(0).size() == 1;
        Metric metric = oneCell && kind == MetricKind.SHARE
                ? Metric.of(kind, sum(above) / total, n, Wilson.interval(Math.round(sum(above)), n))
                : bootstrapped(kind, sum(above) / total, n, above, below);
        if (n < FEW) metric = metric.with(new Caution.TooFew(n));
        if (kind != MetricKind.SIMILARITY) {
            for (Caution.UndefinedAnswers undefined : undefined(statistic.needs(), lines))
                metric = metric.with(undefined);
        }
        return metric;
    }

    /** By method, how many answers are none because a score was not finite. Similarities leave such rows out. */
    private static List<Caution.UndefinedAnswers> undefined(
            Set<ScoredMethod> methods, List<List<List<ExampleLine>>> lines) {
        List<ExampleLine> all =
                lines.stream().flatMap(List::stream).flatMap(List::stream).toList();
        List<Caution.UndefinedAnswers> cautions = new ArrayList<>();
        for (ScoredMethod method : ScoredMethod.values()) {
            if (!methods.contains(method)) continue;
            int none = (int) all.stream()
                    .filter(line -> Integer.valueOf(ExampleOutcome.UNDEFINED).equals(line.predicted(method)))
                    .count();
            if (none > 0) cautions.add(new Caution.UndefinedAnswers(method, none, all.size()));
        }
        return cautions;
    }

    /** All bootstrap draws of the statistic; its made-up cases join every draw. */
    public static CrossedBootstrap.Draws draws(ExampleStatistic statistic, List<List<List<ExampleLine>>> lines) {
        return draws(
                statistic.kind(), meanOverOrders(lines, statistic.counted()), meanOverOrders(lines, statistic.among()));
    }

    public static CrossedBootstrap.Draws draws(MetricKind kind, double[][] above, double[][] below) {
        double[] madeUp = madeUp(kind);
        double[] counted = new double[madeUp.length];
        Arrays.fill(counted, 1);
        return CrossedBootstrap.draws(extended(above, madeUp), extended(below, counted));
    }

    /**
     * Two made-up cases, one at each end of the range, that join every bootstrap. Without them 50 right answers of 50 would
     * have an interval without width, and two methods that never differed would be called equivalent.
     */
    private static double[] madeUp(MetricKind kind) {
        return switch (kind) {
            case SHARE -> new double[] {0, 1};
            case DIFFERENCE -> new double[] {-1, 1};
            case SIMILARITY, SPREAD, COST, UNSTATED -> new double[0];
        };
    }

    private static double[][] extended(double[][] matrix, double[] more) {
        return Arrays.stream(matrix)
                .map(row -> DoubleStream.concat(Arrays.stream(row), Arrays.stream(more))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static Metric bootstrapped(MetricKind kind, double value, int n, double[][] above, double[][] below) {
        CrossedBootstrap.Draws draws = draws(kind, above, below);
        Interval interval = draws.interval();
        Metric metric = Double.isNaN(interval.low())
                ? Metric.of(kind, value, n).with(new Caution.NoInterval())
                : Metric.of(kind, value, n, interval.including(value));
        if (kind == MetricKind.DIFFERENCE) metric = metric.withP(draws.p());
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
        return above.length < CrossedBootstrap.MIN_SEEDS ? ranged.with(new Caution.GivenSeeds(above.length)) : ranged;
    }

    static double[][] meanOverOrders(List<List<List<ExampleLine>>> lines, ToDoubleFunction<ExampleLine> value) {
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
