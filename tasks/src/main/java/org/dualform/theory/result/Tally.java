package org.dualform.theory.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects values and gives their means. A value that is not a number is left out, and n says so. */
public final class Tally {
    private record Key(int layer, String part, Measure measure, Floor floor) {}

    private final Map<Key, DoubleSummaryStatistics> sums = new HashMap<>();

    /** Adds a value of a part of a layer. */
    public void add(int layer, String part, Measure measure, Floor floor, double value) {
        if (Double.isNaN(value)) return;
        sums.computeIfAbsent(new Key(layer, part, measure, floor), key -> new DoubleSummaryStatistics())
                .accept(value);
    }

    public void add(int layer, String part, Measure measure, double value) {
        add(layer, part, measure, Floor.NONE, value);
    }

    /** All rows, ordered by measure, floor, layer and part. */
    public List<LayerRow> rows() {
        List<LayerRow> rows = new ArrayList<>();
        sums.forEach((key, sum) -> rows.add(new LayerRow(
                key.layer,
                key.part,
                key.measure,
                key.floor,
                (int) sum.getCount(),
                sum.getAverage(),
                sum.getMin(),
                sum.getMax())));
        rows.sort(Comparator.comparing(LayerRow::measure)
                .thenComparing(LayerRow::floor)
                .thenComparingInt(LayerRow::layer)
                .thenComparing(LayerRow::part));
        return rows;
    }
}
