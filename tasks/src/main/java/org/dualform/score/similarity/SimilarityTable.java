package org.dualform.score.similarity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Similarities by metric, row and layer; NaN where one is undefined. */
public final class SimilarityTable {
    private final int layers;
    private final Map<String, double[][]> values = new LinkedHashMap<>();

    SimilarityTable(int layers) {
        this.layers = layers;
    }

    /** Enters a value; rows of a metric that are never set are undefined. */
    void set(String metric, int rows, int row, int layer, double value) {
        values.computeIfAbsent(metric, name -> undefined(rows))[row][layer] = value;
    }

    private double[][] undefined(int rows) {
        double[][] table = new double[rows][layers];
        for (double[] row : table) Arrays.fill(row, Double.NaN);
        return table;
    }

    /** In the order in which they are reported. */
    public Set<String> metrics() {
        return values.keySet();
    }

    public int layers() {
        return layers;
    }

    /** How many rows were recorded for a metric. */
    public int rows(String metric) {
        return table(metric).length;
    }

    /** A row's mean over the layers in which it is defined; NaN if there is none, or no such row. */
    public double ofRow(String metric, int row) {
        double[][] table = table(metric);
        return row < table.length ? mean(table[row]) : Double.NaN;
    }

    /** A row's value in a layer; NaN where undefined. */
    public double value(String metric, int row, int layer) {
        double[][] table = table(metric);
        return row < table.length ? table[row][layer] : Double.NaN;
    }

    /** The mean over the rows that are defined in a layer; NaN if none is. */
    public double ofLayer(String metric, int layer) {
        return mean(column(metric, layer));
    }

    /** In how many rows a layer is defined. */
    public int defined(String metric, int layer) {
        return (int)
                Arrays.stream(column(metric, layer)).filter(Double::isFinite).count();
    }

    /** What is undefined, for people; empty where nothing is. */
    public String caution(String metric) {
        List<String> nowhere = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) if (defined(metric, layer) == 0) nowhere.add("" + layer);
        if (nowhere.size() == layers) {
            return "undefined in every layer: "
                    + (metric.startsWith("recall.")
                            ? "not more of them than the top that is counted"
                            : "nothing to compare");
        }
        List<String> cautions = new ArrayList<>();
        if (!nowhere.isEmpty()) {
            cautions.add("undefined in layer " + String.join(", ", nowhere) + ": nothing changes there");
        }
        double[][] table = table(metric);
        long rows = Arrays.stream(table).filter(row -> Double.isNaN(mean(row))).count();
        if (rows > 0) cautions.add(rows + " of " + table.length + " rows undefined");
        return String.join("; ", cautions);
    }

    private double[] column(String metric, int layer) {
        return Arrays.stream(table(metric)).mapToDouble(row -> row[layer]).toArray();
    }

    private double[][] table(String metric) {
        double[][] table = values.get(metric);
        if (table == null) throw new IllegalArgumentException("no such similarity: " + metric);
        return table;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).average().orElse(Double.NaN);
    }
}
