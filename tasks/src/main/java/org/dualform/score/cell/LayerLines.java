package org.dualform.score.cell;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.dualform.base.SplitMix64;
import org.dualform.score.metric.MetricName;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.similarity.SimilarityTable;
import org.jspecify.annotations.Nullable;

/** Makes the layer-by-layer lines of a cell. */
final class LayerLines {
    /** As many rows as the paper's box plots show. */
    private static final int SAMPLE = 50;

    private static final long SAMPLE_SEED = 0x5A3B_1E50L;
    private static final MathContext DIGITS = new MathContext(6);

    private LayerLines() {}

    /** @param rows ids of the evaluated rows, in order */
    static List<LayerSimilarity> of(CellRun run, int shots, SimilarityTable table, List<String> rows) {
        List<LayerSimilarity> lines = new ArrayList<>();
        for (MetricName metric : table.metrics()) {
            List<Integer> sample = sample(table.rows(metric));
            lines.add(new LayerSimilarity(
                    run.cell(),
                    run.id(),
                    shots,
                    metric.text(),
                    layers(table, layer -> rounded(table.ofLayer(metric, layer))),
                    IntStream.range(0, table.layers())
                            .mapToObj(layer -> table.defined(metric, layer))
                            .toList(),
                    sample.stream().map(rows::get).toList(),
                    metric.floor() != null ? List.of() : values(table, metric, sample)));
        }
        return lines;
    }

    private static List<List<@Nullable Double>> values(SimilarityTable table, MetricName metric, List<Integer> sample) {
        List<List<@Nullable Double>> values = new ArrayList<>();
        for (int layer = 0; layer < table.layers(); layer++) {
            List<@Nullable Double> ofLayer = new ArrayList<>();
            for (int row : sample) ofLayer.add(rounded(table.value(metric, row, layer)));
            values.add(ofLayer);
        }
        return values;
    }

    private interface OfLayer {
        @Nullable Double at(int layer);
    }

    private static List<@Nullable Double> layers(SimilarityTable table, OfLayer value) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int layer = 0; layer < table.layers(); layer++) values.add(value.at(layer));
        return values;
    }

    private static List<Integer> sample(int rows) {
        List<Integer> all = IntStream.range(0, rows).boxed().toList();
        if (rows <= SAMPLE) return all;
        return new SplitMix64(SAMPLE_SEED).sample(all, SAMPLE).stream().sorted().toList();
    }

    private static @Nullable Double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : null;
    }
}
