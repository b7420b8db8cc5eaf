package org.dualform.score.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Absence.Cause;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;

/** The similarities of a cell by metric, row and layer. An undefined one is NaN. */
public final class SimilarityTable {
    private final int layers;
    private final Map<MetricName, double[][]> values = new LinkedHashMap<>();

    SimilarityTable(int layers) {
        this.layers = layers;
    }

    /** Enters a value. Rows that are never entered stay undefined. */
    void set(MetricName metric, int rows, int row, int layer, double value) {
        values.computeIfAbsent(metric, name -> undefined(rows))[row][layer] = value;
    }

    private double[][] undefined(int rows) {
        double[][] table = new double[rows][layers];
        for (double[] row : table) Arrays.fill(row, Double.NaN);
        return table;
    }

    /** In the order in which they are reported. */
    public Set<MetricName> metrics() {
        return values.keySet();
    }

    public int layers() {
        return layers;
    }

    /** How many rows were recorded for a metric. */
    public int rows(MetricName metric) {
        return table(metric).length;
    }

    /** A row's mean over the layers in which it is defined; NaN if there is none, or no such row. */
    public double ofRow(MetricName metric, int row) {
        double[][] table = table(metric);
        return row < table.length ? mean(table[row]) : Double.NaN;
    }

    /** A row's value in a layer; NaN where undefined. */
    public double value(MetricName metric, int row, int layer) {
        double[][] table = table(metric);
        return row < table.length ? table[row][layer] : Double.NaN;
    }

    /** The mean over the rows that are defined in a layer; NaN if none is. */
    public double ofLayer(MetricName metric, int layer) {
        return mean(column(metric, layer));
    }

    /** In how many rows a layer is defined. */
    public int defined(MetricName metric, int layer) {
        return (int)
                Arrays.stream(column(metric, layer)).filter(Double::isFinite).count();
    }

    /** Why the similarity is undefined in every layer; empty where it has a value in one. */
    public Optional<Absence> absence(MetricName metric) {
        if (undefinedLayers(metric).size() < layers) return Optional.empty();
        boolean recall = metric.quantity() == Quantity.RECALL_TOKEN || metric.quantity() == Quantity.RECALL_EXAMPLE;
        return Optional.of(new Absence.Incomparable(recall ? Cause.NO_MORE_THAN_THE_TOP : Cause.NOTHING_TO_COMPARE));
    }

    /** What of it is undefined: layers in which it is so in every row, and rows in which it is so in every layer. */
    public List<Caution> cautions(MetricName metric) {
        List<Caution> cautions = new ArrayList<>();
        List<Integer> nowhere = undefinedLayers(metric);
        if (!nowhere.isEmpty()) cautions.add(new Caution.UndefinedLayers(nowhere));
        double[][] table = table(metric);
        int rows = (int)
                Arrays.stream(table).filter(row -> Double.isNaN(mean(row))).count();
        if (rows > 0) cautions.add(new Caution.UndefinedRows(rows, table.length));
        return cautions;
    }

    private List<Integer> undefinedLayers(MetricName metric) {
        return IntStream.range(0, layers)
                .filter(layer -> defined(metric, layer) == 0)
                .boxed()
                .toList();
    }

    private double[] column(MetricName metric, int layer) {
        return Arrays.stream(table(metric)).mapToDouble(row -> row[layer]).toArray();
    }

    private double[][] table(MetricName metric) {
        double[][] table = values.get(metric);
        if (table == null) throw new IllegalArgumentException("no such similarity: " + metric);
        return table;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).average().orElse(Double.NaN);
    }
}
