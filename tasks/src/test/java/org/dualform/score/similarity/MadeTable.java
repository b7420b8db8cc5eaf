package org.dualform.score.similarity;

import org.dualform.score.metric.MetricName;

/** A similarity table made by hand, for tests of what is done with one. */
public final class MadeTable {
    private final SimilarityTable table;

    public MadeTable(int layers) {
        table = new SimilarityTable(layers);
    }

    /** The same table with all values of one metric: (rows, layers), NaN where undefined. */
    public MadeTable with(String metric, double[]... rows) {
        for (int row = 0; row < rows.length; row++)
            for (int layer = 0; layer < rows[row].length; layer++)
                table.set(MetricName.parse(metric), rows.length, row, layer, rows[row][layer]);
        return this;
    }

    public SimilarityTable table() {
        return table;
    }
}
