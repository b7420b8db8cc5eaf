package org.dualform.score.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dualform.base.SplitMix64;
import org.dualform.data.DemonstrationLabels;
import org.dualform.data.LabelledRow;
import org.dualform.record.Setting;
import org.dualform.score.cell.CellRun;
import org.dualform.score.cell.CellScorer;
import org.dualform.score.cell.CellScores;
import org.dualform.score.cell.MethodRun;
import org.dualform.score.cell.RecordedSimilarities;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.score.study.StudySummary;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests controls on records whose cause is known, from the files to the metrics. Each metric moves as its source says.
 */
class ControlsTest {
    private static final int ROWS = 40;
    private static final int SHOTS = 3;

    @TempDir
    Path folder;

    private static double noise(long stream, int place) {
        return SplitMix64.stream(stream, place).nextGaussian();
    }

    private static final MadeRecords.Numbers NOISE =
            (setting, row, layer, place) -> noise(setting.ordinal() * 7919L + row * 104_729L + layer, place);

    private static CellScores cell(
            String arm,
            List<ExampleOutcome> zsl,
            List<ExampleOutcome> icl,
            List<ExampleOutcome> ft,
            SimilarityTable table) {
        CellRun run = new CellRun(
                "m-d-" + arm,
                new CellId("m", "d", 1, 0, arm, "t"),
                .1,
                "predict",
                List.of(new FittedShots(SHOTS, SHOTS, 16)),
                Map.of(),
                Set.of(ScoredMethod.ICL, ScoredMethod.FT),
                Map.of(
                        ScoredMethod.ZSL, new MethodRun(Map.of(0, zsl), Map.of(), null),
                        ScoredMethod.ICL, new MethodRun(Map.of(SHOTS, icl), Map.of(), null),
                        ScoredMethod.FT, new MethodRun(Map.of(SHOTS, ft), Map.of(), null)),
                new RecordedSimilarities(SHOTS, table));
        return CellScorer.score(run);
    }

    private static Map<String, Metric> scored(
            String arm,
            List<ExampleOutcome> zsl,
            List<ExampleOutcome> icl,
            List<ExampleOutcome> ft,
            SimilarityTable table) {
        return cell(arm, zsl, icl, ft, table).rows().get(0).metrics();
    }

    private static List<ExampleOutcome> answers(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> new ExampleOutcome("r" + i, 0, 0, List.of(-1.0, -2.0)))
                .toList();
    }

    private static double value(Map<String, Metric> metrics, String name) {
        Double value = metrics.get(name).value();
        assertThat(value).as(name).isNotNull();
        return value;
    }

    private SimilarityTable table(String name, MadeRecords.Numbers outputs, int rows, int layers, int width)
            throws Exception {
        Path here = Files.createDirectories(folder.resolve(name));
        return Similarities.measure(
                new MadeRecords(here, rows, layers, 2, width, 40, SHOTS).write(outputs, NOISE, NOISE, NOISE, NOISE),
                EnumSet.allOf(Baseline.class));
    }

    private Map<String, Metric> arm(String arm, LinearLearner icl, LinearLearner ft) throws Exception {
        MadeRecords.Numbers outputs = (setting, row, layer, place) -> (setting == Setting.FT ? ft : icl)
                .output(setting == Setting.REORDERED ? Setting.ICL : setting, row, place);
        return scored(
                arm,
                icl.outcomes(Setting.ZSL, ROWS),
                icl.outcomes(Setting.ICL, ROWS),
                ft.outcomes(Setting.FT, ROWS),
                table(arm, outputs, ROWS, 1, LinearLearner.WIDTH));
    }

    /**
     * Min et al. 2022, as the paper's claim would have it: with all labels flipped, what learns from labels turns round, and in
     * context as in fine-tuning alike. A method that still sees the right labels shows what a difference would look like.
     */
    @Test
    void allLabelsFlippedTurnBothMethodsRoundAlike() throws Exception {
        LinearLearner gold = new LinearLearner(LabelledRow::label);
        LinearLearner flipped = new LinearLearner(row -> DemonstrationLabels.flipped(row, 1, 2));
        Map<String, Metric> main = arm(Arms.MAIN, gold, gold);
        Map<String, Metric> flip = arm("flip=1", flipped, flipped);
        Map<String, Metric> mixed = arm("mixed", flipped, gold);

        assertThat(value(main, "zsl.accuracy")).isEqualTo(0.5);
        assertThat(value(flip, "zsl.accuracy")).as("zero-shot sees no label").isEqualTo(0.5);
        for (String method : List.of("icl", "ft")) {
            assertThat(value(main, method + ".accuracy")).isGreaterThan(0.9);
            assertThat(value(flip, method + ".accuracy"))
                    .isCloseTo(1 - value(main, method + ".accuracy"), within(1e-12));
        }
        for (Map<String, Metric> arm : List.of(main, flip)) {
            assertThat(value(arm, "icl_minus_ft")).isZero();
            assertThat(value(arm, "icl_ft.agreement")).isEqualTo(1);
            assertThat(value(arm, "icl_ft.kl")).isCloseTo(0, within(1e-12));
            assertThat(value(arm, "sim_aou.raw")).isCloseTo(1, within(1e-6));
        }
        assertThat(value(main, "rec2ftp")).isEqualTo(1);
        assertThat(value(main, "rec2ftp.base")).isGreaterThan(0.8);
        assertThat(value(flip, "rec2ftp.base")).isLessThan(0.2);
        assertThat(value(flip, "icl_ft.agreement_wrong")).isEqualTo(1);

        assertThat(value(mixed, "icl_ft.agreement")).isZero();
        assertThat(value(mixed, "icl_minus_ft")).isLessThan(-0.8);
        assertThat(value(mixed, "rec2ftp")).isZero();
        assertThat(value(mixed, "sim_aou.raw")).isCloseTo(-1, within(1e-6));
    }

    /**
     * Pure noise: every row has the spread of random directions, 1/√width about 0, and over many such studies the intervals of
     * the metric and of its floors hold 0 about as often as they promise.
     */
    @Test
    void noiseIsAtItsFloorAndTheIntervalsSaySo() throws Exception {
        int studies = 60;
        int width = 64;
        int rows = 30;
        List<String> names = List.of(
                "sim_aou.raw",
                "sim_aou.raw.random",
                "sim_aou.raw.permuted",
                "sim_aou.raw.noise_floor",
                "sim_aou.random");
        Map<String, Integer> holding = new TreeMap<>();
        double squares = 0;
        List<ExampleOutcome> any = answers(rows);
        for (int study = 0; study < studies; study++) {
            long stream = 1_000_003L * study;
            MadeRecords.Numbers outputs = (setting, row, layer, place) -> {
                double shared = noise(stream + 50_000_017L + row * 31L, place);
                return setting == Setting.ZSL
                        ? shared
                        : shared + noise(stream + setting.ordinal() * 7919L + row * 104_729L, place);
            };
            SimilarityTable table = table("s" + study, outputs, rows, 1, width);
            for (int row = 0; row < rows; row++)
                squares += Math.pow(table.ofRow(MetricName.of(Quantity.SIM_AOU_RAW), row), 2);
            Map<String, Metric> metrics = scored(Arms.MAIN, any, any, any, table);
            for (String name : names) {
                Metric metric = metrics.get(name);
                boolean holds = metric.low() <= 0 && metric.high() >= 0;
                holding.merge(name, holds ? 1 : 0, Integer::sum);
            }
        }
        assertThat(Math.sqrt(squares / (studies * rows))).isCloseTo(1 / Math.sqrt(width), within(0.01));
        for (String name : names)
            assertThat(holding.get(name)).as("%s in %d studies", name, studies).isBetween(50, studies);
    }

    /** No update is not a similarity of zero: the metric has no value and says why, in cells and over seeds. */
    @Test
    void aFineTuningThatChangesNothingHasNoSimilarity() throws Exception {
        int rows = 12;
        MadeRecords.Numbers outputs = (setting, row, layer, place) ->
                NOISE.at(setting == Setting.FT ? Setting.ZSL : setting, row, layer, place);
        List<ExampleOutcome> any = answers(rows);
        SimilarityTable table = table("still", outputs, rows, 2, 8);
        Metric none = scored(Arms.MAIN, any, any, any, table).get("sim_aou");
        assertThat(none)
                .isEqualTo(Metric.undefined(
                        MetricKind.SIMILARITY, new Absence.Incomparable(Absence.Cause.NOTHING_TO_COMPARE)));
        SimilarityTable half = table(
                "half",
                (setting, row, layer, place) ->
                        layer == 0 ? outputs.at(setting, row, layer, place) : NOISE.at(setting, row, layer, place),
                rows,
                2,
                8);
        Metric part = scored(Arms.MAIN, any, any, any, half).get("sim_aou");
        assertThat(part.value()).isNotNull();
        assertThat(part.cautions()).containsExactly(new Caution.UndefinedLayers(List.of(0)));
        for (SimilarityTable each : List.of(table, half)) {
            Metric cell = each == table ? none : part;
            Metric overSeeds = StudySummary.of(List.of(cell(Arms.MAIN, any, any, any, each)))
                    .get(0)
                    .metrics()
                    .get("sim_aou");
            assertThat(overSeeds).isEqualTo(cell);
        }
    }
}
