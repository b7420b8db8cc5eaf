package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.similarity.MadeTable;
import org.dualform.score.similarity.SimilarityTable;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** A cell with records: what of its similarities goes to the rows, the examples and the layers. */
class RecordedCellTest {
    private static final double NONE = Double.NaN;
    private static final CellId ID = new CellId("m", "d", 1, 0, Arms.MAIN, "t");
    private static final SimilarityTable TABLE = new MadeTable(3)
            .with("sim_aou", new double[] {.2, .4, NONE}, new double[] {1 / 3.0, .6, NONE}, new double[] {
                NONE, NONE, NONE
            })
            .with("sim_aou.random", new double[] {.1, .1, .1}, new double[] {.3, .3, .3}, new double[] {.2, .2, .2})
            .table();

    private static List<ExampleOutcome> outcomes(String prefix, int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> new ExampleOutcome(prefix + row, 0, 0, List.of(-1.0, -2.0)))
                .toList();
    }

    private static MethodRun run(Map<Integer, List<ExampleOutcome>> outcomes) {
        return new MethodRun(outcomes, Map.of(), null);
    }

    private static CellScores scores(SimilarityTable table, int rows, FittedShots... shots) {
        MethodRun icl = run(Map.of(4, outcomes("i", rows), 8, outcomes("j", rows)));
        Map<ScoredMethod, MethodRun> runs = Map.of(ScoredMethod.ICL, icl);
        return CellScorer.score(new CellRun(
                "c",
                ID,
                null,
                "predict",
                List.of(shots),
                Map.of(),
                Set.of(ScoredMethod.ICL),
                runs,
                new RecordedSimilarities(4, table)));
    }

    private static CellScores scores() {
        return scores(TABLE, 3, new FittedShots(4, 3, 50), new FittedShots(8, 4, 60));
    }

    /** Records belong to the true count, 4, which only the larger request reached. */
    @Test
    void layersHaveTheirMeansCasesAndSample() {
        LayerSimilarity similarity = scores().layers().get(0);
        assertThat(similarity)
                .isEqualTo(new LayerSimilarity(
                        "c",
                        ID,
                        8,
                        "sim_aou",
                        Arrays.asList(.266667, .5, null),
                        List.of(2, 2, 0),
                        List.of("j0", "j1", "j2"),
                        List.of(
                                Arrays.asList(.2, .333333, null),
                                Arrays.asList(.4, .6, null),
                                Arrays.asList(null, null, null))));
    }

    @Test
    void aFloorHasMeansAndNoValues() {
        List<LayerSimilarity> layers = scores().layers();
        assertThat(layers).extracting(LayerSimilarity::metric).containsExactly("sim_aou", "sim_aou.random");
        assertThat(layers.get(1).mean()).containsExactly(.2, .2, .2);
        assertThat(layers.get(1).n()).containsExactly(3, 3, 3);
        assertThat(layers.get(1).values()).isEmpty();
    }

    @Test
    void ofManyRowsFiftyAreShownInTheirOrder() {
        double[][] values = IntStream.range(0, 60)
                .mapToObj(row -> new double[] {row / 100.0})
                .toArray(double[][]::new);
        LayerSimilarity layer = scores(new MadeTable(1).with("sim_aou", values).table(), 60, new FittedShots(8, 4, 60))
                .layers()
                .get(0);
        List<Integer> shown = layer.sample().stream()
                .map(id -> Integer.valueOf(id.substring(1)))
                .toList();
        assertThat(shown).hasSize(50).isSorted().doesNotHaveDuplicates();
        assertThat(layer.values().get(0))
                .isEqualTo(shown.stream().map(row -> row / 100.0).toList());
        assertThat(layer.n()).containsExactly(60);
    }

    @Test
    void anExampleHasTheMeanOverItsDefinedLayers() {
        List<ExampleLine> recorded = scores().examples().subList(3, 6);
        assertThat(recorded.get(0).similarity("sim_aou")).isCloseTo(.3, within(1e-12));
        assertThat(recorded.get(0).similarity("sim_aou.random")).isCloseTo(.1, within(1e-12));
        assertThat(recorded.get(2).similarities()).containsOnlyKeys("sim_aou.random");
    }

    @Test
    void whatIsUndefinedInEveryMetricIsLeftOutOfTheExample() {
        SimilarityTable table = new MadeTable(1)
                .with("sim_aou", new double[] {.5}, new double[] {NONE})
                .table();
        List<ExampleLine> lines = scores(table, 2, new FittedShots(8, 4, 60)).examples();
        assertThat(lines.get(0).similarities()).containsExactly(Map.entry("sim_aou", .5));
        assertThat(lines.get(1).similarities()).isNull();
    }

    @Test
    void otherCountsAndUnknownOnesHaveNoSimilarities() {
        CellScores scores = scores(TABLE, 3, new FittedShots(4, 3, 50), FittedShots.unknown(8));
        assertThat(scores.layers()).isEmpty();
        assertThat(scores.examples()).hasSize(6).allMatch(line -> line.similarities() == null);
        assertThat(scores.rows()).noneMatch(row -> row.metrics().containsKey("sim_aou"));
    }

    @Test
    void theRowHasTheMeanOverRowsAndSaysWhatIsUndefined() {
        ResultRow row = scores().rows().get(1);
        Metric similarity = row.metrics().get("sim_aou");
        assertThat(similarity.kind()).isEqualTo(MetricKind.SIMILARITY);
        assertThat(similarity.value()).isCloseTo((.3 + (1 / 3.0 + .6) / 2) / 2, within(1e-12));
        assertThat(similarity.n()).isEqualTo(2);
        assertThat(similarity.cautions())
                .containsExactly(
                        new Caution.TooFew(2),
                        new Caution.UndefinedLayers(List.of(2)),
                        new Caution.UndefinedRows(1, 3));
        assertThat(row.metrics().get("sim_aou.random").value()).isCloseTo(.2, within(1e-12));
    }

    @Test
    void aSimilarityThatIsNowhereDefinedSaysWhy() {
        SimilarityTable table = new MadeTable(1)
                .with("recall.token", new double[] {NONE}, new double[] {NONE})
                .with("sim_am", new double[] {NONE}, new double[] {NONE})
                .table();
        Map<String, Metric> metrics =
                scores(table, 2, new FittedShots(8, 4, 60)).rows().get(0).metrics();
        assertThat(metrics.get("recall.token"))
                .isEqualTo(Metric.undefined(
                        MetricKind.SIMILARITY, new Absence.Incomparable(Absence.Cause.NO_MORE_THAN_THE_TOP)));
        assertThat(metrics.get("sim_am"))
                .isEqualTo(Metric.undefined(
                        MetricKind.SIMILARITY, new Absence.Incomparable(Absence.Cause.NOTHING_TO_COMPARE)));
    }
}
