package org.dualform.score.similarity;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.dualform.record.RecordShape;
import org.dualform.record.SettingRecords;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * SimAM (Dai et al. 2022, arXiv:2212.10559, section 4.5): are the attention scores over the query alike, before the
 * softmax? Each head gives a cosine; the value is their mean. The delta form compares the changes that demonstrations and
 * fine-tuning make (Deutch et al. 2024).
 */
final class AttentionMaps {
    static final MetricName MAPS = MetricName.of(Quantity.SIM_AM);
    static final MetricName BEFORE = MetricName.of(Quantity.SIM_AM_BEFORE_FT);
    static final MetricName DELTA = MetricName.of(Quantity.SIM_AM_DELTA);
    /** A change below this share is rounding: in single precision equal numbers differ by about 1e-7 of themselves. */
    private static final double THRESHOLD = 1e-6;
    /** A rotary angle at position p is rounded by p times half a unit in the last place; eight such for both factors. */
    private static final double POSITION_ROUNDING = 8 * Math.ulp(1f);

    private final CellRecords records;
    private final RecordShape shape;
    private final Set<Baseline> baselines;
    private final SimilarityTable table;
    private final int[] others;
    private final double shifted;

    AttentionMaps(CellRecords records, Set<Baseline> baselines, SimilarityTable table) {
        this.records = records;
        this.shape = records.shape();
        this.baselines = baselines;
        this.table = table;
        this.others = Directions.otherRows(shape.rows());
        this.shifted = Math.max(THRESHOLD, POSITION_ROUNDING * records.contextTokens());
    }

    void measure() {
        for (int row = 0; row < shape.rows(); row++) measure(row);
    }

    /** The scores of a row under every setting, each (layers, heads, length). */
    private final class Scores {
        private final float[] zsl;
        private final float[] icl;
        private final float[] ft;
        private final float @Nullable [] otherOrder;

        Scores(int row) {
            zsl = records.zsl().queryScores(row);
            icl = records.icl().queryScores(row);
            ft = records.ft().queryScores(row);
            SettingRecords reordered = baselines.contains(Baseline.NOISE_FLOOR) ? records.reordered() : null;
            otherOrder = reordered == null ? null : reordered.queryScores(row);
        }
    }

    private void measure(int row) {
        Scores own = new Scores(row);
        boolean permuted = baselines.contains(Baseline.PERMUTED) && others[row] != row;
        Scores other = permuted ? new Scores(others[row]) : null;
        for (int layer = 0; layer < shape.layers(); layer++) {
            Means means = new Means();
            for (int head = 0; head < shape.heads(); head++) head(means, row, layer, head, own, other);
            means.enter(row, layer);
        }
    }

    private void head(Means means, int row, int layer, int head, Scores own, @Nullable Scores other) {
        int[] seen = seen(own, row, layer, head);
        double[] zsl = pick(own.zsl, row, layer, head, seen);
        double[] icl = pick(own.icl, row, layer, head, seen);
        double[] ft = pick(own.ft, row, layer, head, seen);
        double[] learned = Cosine.change(zsl, icl, shifted);
        double[] tuned = Cosine.change(zsl, ft, THRESHOLD);
        means.add(MAPS, icl, ft);
        means.add(BEFORE, icl, zsl);
        means.add(DELTA, learned, tuned);
        int stream = layer * shape.heads() + head;
        if (baselines.contains(Baseline.RANDOM)) {
            double[] direction = Directions.normal(seen.length, row, stream);
            means.add(Baseline.RANDOM.of(MAPS), icl, direction);
            means.add(Baseline.RANDOM.of(DELTA), learned, direction);
        }
        if (baselines.contains(Baseline.RANDOM_UNIFORM)) {
            double[] direction = Directions.uniform(seen.length, row, stream);
            means.add(Baseline.RANDOM_UNIFORM.of(MAPS), icl, direction);
            means.add(Baseline.RANDOM_UNIFORM.of(DELTA), learned, direction);
        }
        if (own.otherOrder != null) {
            double[] again = pick(own.otherOrder, row, layer, head, seen);
            means.add(Baseline.NOISE_FLOOR.of(MAPS), icl, again);
            means.add(Baseline.NOISE_FLOOR.of(DELTA), learned, Cosine.change(zsl, again, shifted));
        }
        if (other != null) permuted(means, row, layer, head, own, other);
    }

    /** Compares with another row. Where their lengths differ, the last columns of both are compared, as many as the shorter has. */
    private void permuted(Means means, int row, int layer, int head, Scores own, Scores other) {
        int length = shape.lengths().get(row);
        int otherLength = shape.lengths().get(others[row]);
        int common = Math.min(length, otherLength);
        int[] here = new int[common];
        int[] there = new int[common];
        int count = 0;
        for (int i = 0; i < common; i++) {
            int a = length - common + i;
            int b = otherLength - common + i;
            if (seen(own, row, layer, head, a) && seen(other, others[row], layer, head, b)) {
                here[count] = a;
                there[count++] = b;
            }
        }
        here = Arrays.copyOf(here, count);
        there = Arrays.copyOf(there, count);
        double[] zsl = pick(own.zsl, row, layer, head, here);
        double[] icl = pick(own.icl, row, layer, head, here);
        double[] otherZsl = pick(other.zsl, others[row], layer, head, there);
        double[] otherFt = pick(other.ft, others[row], layer, head, there);
        means.add(Baseline.PERMUTED.of(MAPS), icl, otherFt);
        means.add(
                Baseline.PERMUTED.of(DELTA),
                Cosine.change(zsl, icl, shifted),
                Cosine.change(otherZsl, otherFt, THRESHOLD));
    }

    /** The columns that the recorded token sees under every setting. */
    private int[] seen(Scores scores, int row, int layer, int head) {
        return IntStream.range(0, shape.lengths().get(row))
                .filter(column -> seen(scores, row, layer, head, column))
                .toArray();
    }

    private boolean seen(Scores scores, int row, int layer, int head, int column) {
        int at = at(row, layer, head) + column;
        return visible(scores.zsl[at])
                && visible(scores.icl[at])
                && visible(scores.ft[at])
                && (scores.otherOrder == null || visible(scores.otherOrder[at]));
    }

    /** −∞ is a column outside a window; NaN is kept, so that it makes its row undefined. */
    private static boolean visible(float score) {
        return score != Float.NEGATIVE_INFINITY;
    }

    private int at(int row, int layer, int head) {
        return (layer * shape.heads() + head) * shape.lengths().get(row);
    }

    private double[] pick(float[] scores, int row, int layer, int head, int[] columns) {
        int at = at(row, layer, head);
        double[] picked = new double[columns.length];
        for (int i = 0; i < picked.length; i++) picked[i] = scores[at + columns[i]];
        return picked;
    }

    /** Means over the heads in which a metric is defined. */
    private final class Means {
        private final Map<MetricName, double[]> sums = new LinkedHashMap<>();

        void add(MetricName metric, double @Nullable [] a, double @Nullable [] b) {
            double[] sum = sums.computeIfAbsent(metric, name -> new double[2]);
            double cosine = a == null || b == null ? Double.NaN : Cosine.of(a, b);
            if (Double.isNaN(cosine)) return;
            sum[0] += cosine;
            sum[1]++;
        }

        void enter(int row, int layer) {
            sums.forEach((metric, sum) -> table.set(metric, shape.rows(), row, layer, sum[0] / sum[1]));
        }
    }
}
