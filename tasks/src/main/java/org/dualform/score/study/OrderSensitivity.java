package org.dualform.score.study;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ResultRow;

/** How much accuracy depends on the order of the same demonstrations: {@code icl.order_sd} and {@code ft.order_sd}. */
final class OrderSensitivity {
    private static final List<ScoredMethod> METHODS = List.of(ScoredMethod.ICL, ScoredMethod.FT);

    private OrderSensitivity() {}

    /**
     * The standard deviation (with n − 1) of accuracy over the orders of a seed, averaged over the seeds that have several
     * orders. The metric's n is the number of these orders. Empty where no seed has two.
     */
    static Map<String, Metric> of(Collection<ResultRow> rows) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (ScoredMethod method : METHODS) {
            List<List<Double>> bySeed = accuracies(rows, MetricName.accuracy(method)).stream()
                    .filter(orders -> orders.size() > 1)
                    .toList();
            if (!bySeed.isEmpty()) {
                double mean = bySeed.stream()
                        .mapToDouble(OrderSensitivity::deviation)
                        .average()
                        .orElseThrow();
                MetricName name = MetricName.of(method, Quantity.ORDER_SD);
                metrics.put(
                        name.text(),
                        Metric.of(
                                name.kind(),
                                mean,
                                bySeed.stream().mapToInt(List::size).sum()));
            }
        }
        return metrics;
    }

    private static Collection<List<Double>> accuracies(Collection<ResultRow> rows, MetricName name) {
        Map<Integer, List<Double>> bySeed = new TreeMap<>();
        for (ResultRow row : rows) {
            Metric metric = row.metric(name);
            if (metric != null && metric.value() != null)
                bySeed.computeIfAbsent(row.seed(), seed -> new ArrayList<>()).add(metric.value());
        }
        return bySeed.values();
    }

    private static double deviation(List<Double> values) {
        double mean = values.stream().mapToDouble(v -> v).average().orElseThrow();
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.size() - 1));
    }
}
