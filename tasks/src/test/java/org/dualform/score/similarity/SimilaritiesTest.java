package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dualform.base.SplitMix64;
import org.dualform.record.Setting;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.MetricName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests similarities on records for which the results are known. */
class SimilaritiesTest {
    private static final MadeRecords.Numbers NOISE =
            (setting, row, layer, place) -> noise(setting.ordinal() * 7919L + row * 104_729L + layer, place);
    private static final Set<Baseline> ALL = EnumSet.allOf(Baseline.class);

    @TempDir
    Path folder;

    private static double noise(long stream, int place) {
        return SplitMix64.stream(stream, place).nextGaussian();
    }

    private static double mean(SimilarityTable table, String name) {
        MetricName metric = MetricName.parse(name);
        double sum = 0;
        for (int row = 0; row < table.rows(metric); row++) sum += table.ofRow(metric, row);
        return sum / table.rows(metric);
    }

    /**
     * One layer of linear attention, q attending to (x', y') with keys x' and values lr·y', against a linear layer after one
     * explicit gradient step on squared error at the same examples: the two change the output alike, exactly (paper section
     * 3, identities 1 and 6).
     */
    @Test
    void linearAttentionIsAGradientStep() {
        int width = 8;
        int examples = 5;
        double rate = 0.05;
        double[][] inputs = new double[examples][width];
        double[][] targets = new double[examples][width];
        double[][] start = new double[width][width];
        for (int i = 0; i < width; i++) for (int j = 0; j < width; j++) start[i][j] = noise(1000 + i, j);
        for (int e = 0; e < examples; e++) {
            for (int i = 0; i < width; i++) {
                inputs[e][i] = noise(2000 + e, i);
                targets[e][i] = noise(3000 + e, i);
            }
        }
        double[][] errors = new double[examples][width]; // targets − W₀ x'
        for (int e = 0; e < examples; e++) {
            double[] predicted = times(start, inputs[e]);
            for (int i = 0; i < width; i++) errors[e][i] = targets[e][i] - predicted[i];
        }
        double[][] stepped = new double[width][width]; // W₀ − rate · gradient of ½ Σ |W x' − y|²
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                stepped[i][j] = start[i][j];
                for (int e = 0; e < examples; e++) stepped[i][j] += rate * errors[e][i] * inputs[e][j];
            }
        }
        MadeRecords.Numbers outputs = (setting, row, layer, place) -> {
            double[] query = new double[width];
            for (int i = 0; i < width; i++) query[i] = noise(4000 + row, i);
            if (setting == Setting.FT) return times(stepped, query)[place];
            double output = times(start, query)[place];
            if (setting == Setting.ZSL) return output;
            for (int e = 0;
                    e < examples;
                    e++) { // attention: value of the example, times its key's product with the query
                double product = 0;
                for (int i = 0; i < width; i++) product += inputs[e][i] * query[i];
                output += rate * errors[e][place] * product;
            }
            return output;
        };
        SimilarityTable table = Similarities.measure(
                new MadeRecords(folder, 20, 1, 2, width, 5, 3).write(outputs, NOISE, NOISE, NOISE, NOISE), ALL);
        assertThat(mean(table, "sim_aou.raw")).isCloseTo(1, within(1e-6));
        assertThat(mean(table, "sim_aou.raw.random")).isCloseTo(0, within(0.3));
        assertThat(mean(table, "sim_aou.raw.permuted")).isLessThan(0.9);
    }

    private static double[] times(double[][] matrix, double[] x) {
        double[] product = new double[matrix.length];
        for (int i = 0; i < product.length; i++) for (int j = 0; j < x.length; j++) product[i] += matrix[i][j] * x[j];
        return product;
    }

    /** Independent noise on a shared output: raw updates are unlike, and length 1 lifts them as Deutch et al. derived. */
    @Test
    void noiseIsAtItsFloor() {
        double ratio = 3; // |noise|² / |shared|²
        MadeRecords.Numbers outputs = (setting, row, layer, place) -> {
            double shared = noise(50_000L + row * 31L + layer, place);
            return setting == Setting.ZSL ? shared : shared + Math.sqrt(ratio) * NOISE.at(setting, row, layer, place);
        };
        SimilarityTable table = Similarities.measure(
                new MadeRecords(folder, 40, 2, 2, 512, 60, 3).write(outputs, NOISE, NOISE, NOISE, NOISE), ALL);
        for (String metric : new String[] {
            "sim_aou.raw", "sim_aou.raw.random", "sim_aou.raw.permuted", "sim_aou.raw.noise_floor", "sim_aou.random",
            "sim_aou.permuted", "sim_am", "sim_am.random", "sim_am.permuted", "sim_am.noise_floor"
        }) {
            assertThat(mean(table, metric)).as(metric).isCloseTo(0, within(0.03));
        }
        assertThat(mean(table, "sim_aou")).isCloseTo((1 - 1 / Math.sqrt(1 + ratio)) / 2, within(0.02));
        assertThat(mean(table, "sim_am.delta"))
                .as("both changes share what they leave")
                .isCloseTo(0.5, within(0.05));
        assertThat(mean(table, "kendall.token")).isCloseTo(0, within(0.15));
        assertThat(mean(table, "kendall.token.random")).isCloseTo(0, within(0.15));
    }

    @Test
    void whatChangesNothingIsUndefinedNotZero() {
        MadeRecords.Numbers outputs = (setting, row, layer, place) -> layer == 0 && setting == Setting.FT
                ? NOISE.at(Setting.ZSL, row, layer, place)
                : NOISE.at(setting, row, layer, place);
        MadeRecords.Numbers maps = (setting, row, layer, place) -> layer == 0 && setting == Setting.ICL
                ? NOISE.at(Setting.ZSL, row, layer, place) * (1 + 1e-7)
                : NOISE.at(setting, row, layer, place);
        SimilarityTable table = Similarities.measure(
                new MadeRecords(folder, 6, 2, 2, 16, 5, 3).write(outputs, maps, NOISE, NOISE, NOISE), Set.of());
        assertThat(table.ofLayer(MetricName.parse("sim_aou"), 0)).isNaN();
        assertThat(table.ofLayer(MetricName.parse("sim_am.delta"), 0)).isNaN();
        assertThat(table.ofLayer(MetricName.parse("sim_am.delta"), 1)).isFinite();
        assertThat(table.ofRow(MetricName.parse("sim_am.delta"), 3))
                .isEqualTo(table.value(MetricName.parse("sim_am.delta"), 3, 1));
        assertThat(table.cautions(MetricName.parse("sim_am.delta")))
                .containsExactly(new Caution.UndefinedLayers(List.of(0)));
        assertThat(table.cautions(MetricName.parse("sim_am"))).isEmpty();
        assertThat(table.metrics()).allMatch(name -> name.floor() == null);
    }

    @Test
    void aValueThatIsNotFiniteMakesItsRowUndefinedAndWindowsHideColumns() {
        MadeRecords.Numbers outputs = (setting, row, layer, place) ->
                row == 2 && setting == Setting.ICL ? Double.NaN : NOISE.at(setting, row, layer, place);
        // In layer 0 a window hides the first two columns in context; in layer 1 it hides all demonstrations.
        MadeRecords.Numbers maps = (setting, row, layer, place) -> layer == 0 && setting == Setting.ICL && place % 5 < 2
                ? Double.NEGATIVE_INFINITY
                : place % 5 < 2 ? 1000 : place + (setting == Setting.FT ? 1e-3 : 0);
        MadeRecords.Numbers context = (setting, row, layer, place) ->
                layer == 1 ? Double.NEGATIVE_INFINITY : NOISE.at(setting, row, layer, place);
        SimilarityTable table = Similarities.measure(
                new MadeRecords(folder, 6, 2, 2, 16, 5, 3).write(outputs, maps, context, NOISE, NOISE), ALL);
        assertThat(table.ofRow(MetricName.parse("sim_aou"), 2)).isNaN();
        assertThat(table.cautions(MetricName.parse("sim_aou"))).containsExactly(new Caution.UndefinedRows(1, 6));
        assertThat(table.ofLayer(MetricName.parse("sim_am.before_ft"), 0)).isCloseTo(1, within(1e-9));
        assertThat(table.ofLayer(MetricName.parse("kendall.token"), 1)).isNaN();
        assertThat(table.ofLayer(MetricName.parse("kendall.token"), 0)).isFinite();
        assertThat(table.ofLayer(MetricName.parse("recall.token"), 0))
                .as("fewer tokens than the top")
                .isNaN();
    }

    /** Attention in context that equals the products of queries orders tokens equally, whole demonstrations too. */
    @Test
    void equalOrdersHaveTauOne() {
        MadeRecords.Numbers one = (setting, row, layer, place) -> place == 0 ? 1 : 0;
        MadeRecords.Numbers trained = (setting, token, layer, place) -> place == 0 ? (token * 7) % 12 : 0;
        MadeRecords.Numbers context = (setting, row, layer, place) -> {
            int token = (place - 1) / 5 * 4 + (place - 1) % 5;
            return place == 0 || (place - 1) % 5 == 4 ? 999 : (token * 7) % 12; // BOS and EOS do not count
        };
        SimilarityTable table = Similarities.measure(
                new MadeRecords(folder, 3, 1, 2, 16, 5, 3).write(NOISE, NOISE, context, one, trained), ALL);
        assertThat(mean(table, "kendall.token")).isCloseTo(1, within(1e-12));
        assertThat(mean(table, "kendall.example")).isCloseTo(1, within(1e-12));
        assertThat(mean(table, "kendall.token.noise_floor")).isCloseTo(1, within(1e-12));
    }
}
