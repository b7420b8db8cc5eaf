package org.dualform.score.similarity;

import java.util.List;
import java.util.Set;
import org.dualform.record.RecordShape;
import org.dualform.record.SettingRecords;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * SimAOU (Dai et al. 2022, arXiv:2212.10559, section 4.4): do demonstrations and fine-tuning change the output of
 * attention in the same direction? It is measured twice: with outputs brought to length 1 first, as that paper does, and
 * with raw outputs (Deutch et al. 2024).
 */
final class AttentionOutputs {
    static final MetricName UNIT = MetricName.of(Quantity.SIM_AOU);
    static final MetricName RAW = MetricName.of(Quantity.SIM_AOU_RAW);
    /** A change below this share is rounding: in single precision equal numbers differ by about 1e-7 of themselves. */
    private static final double THRESHOLD = 1e-6;

    private final CellRecords records;
    private final Set<Baseline> baselines;
    private final SimilarityTable table;
    private final int[] others;

    AttentionOutputs(CellRecords records, Set<Baseline> baselines, SimilarityTable table) {
        this.records = records;
        this.baselines = baselines;
        this.table = table;
        this.others = Directions.otherRows(records.shape().rows());
    }

    void measure() {
        for (int row = 0; row < records.shape().rows(); row++) measure(row);
    }

    private void measure(int row) {
        float[] zsl = records.zsl().attentionOutput(row);
        float[] icl = records.icl().attentionOutput(row);
        float[] ft = records.ft().attentionOutput(row);
        SettingRecords reordered = baselines.contains(Baseline.NOISE_FLOOR) ? records.reordered() : null;
        float[] otherOrder = reordered == null ? null : reordered.attentionOutput(row);
        boolean permuted = baselines.contains(Baseline.PERMUTED) && others[row] != row;
        float[] otherZsl = permuted ? records.zsl().attentionOutput(others[row]) : null;
        float[] otherFt = permuted ? records.ft().attentionOutput(others[row]) : null;
        for (int layer = 0; layer < records.shape().layers(); layer++) {
            for (MetricName metric : List.of(UNIT, RAW)) {
                double[] base = output(zsl, layer, metric);
                double[] learned = Cosine.change(base, output(icl, layer, metric), THRESHOLD);
                double[] tuned = Cosine.change(base, output(ft, layer, metric), THRESHOLD);
                set(metric, row, layer, learned, tuned);
                if (otherOrder != null) {
                    double[] again = Cosine.change(base, output(otherOrder, layer, metric), THRESHOLD);
                    set(Baseline.NOISE_FLOOR.of(metric), row, layer, learned, again);
                }
                if (otherZsl != null && otherFt != null) {
                    double[] elsewhere =
                            Cosine.change(output(otherZsl, layer, metric), output(otherFt, layer, metric), THRESHOLD);
                    set(Baseline.PERMUTED.of(metric), row, layer, learned, elsewhere);
                }
                random(metric, row, layer, learned);
            }
        }
    }

    private void random(MetricName metric, int row, int layer, double @Nullable [] learned) {
        int width = records.shape().width();
        if (baselines.contains(Baseline.RANDOM)) {
            set(Baseline.RANDOM.of(metric), row, layer, learned, Directions.normal(width, row, layer));
        }
        if (baselines.contains(Baseline.RANDOM_UNIFORM)) {
            set(Baseline.RANDOM_UNIFORM.of(metric), row, layer, learned, Directions.uniform(width, row, layer));
        }
    }

    private void set(MetricName metric, int row, int layer, double @Nullable [] a, double @Nullable [] b) {
        double cosine = a == null || b == null ? Double.NaN : Cosine.of(a, b);
        table.set(metric, records.shape().rows(), row, layer, cosine);
    }

    /** One layer's output: (width). */
    private double[] output(float[] outputs, int layer, MetricName metric) {
        RecordShape shape = records.shape();
        double[] output = new double[shape.width()];
        for (int i = 0; i < output.length; i++) output[i] = outputs[layer * shape.width() + i];
        return metric.equals(UNIT) ? Cosine.unit(output) : output;
    }
}
