package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ExampleLine;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.score.result.FittedShots;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** A cell of which only in-context learning was asked for: its metrics, its costs and where its curve starts. */
class AskedMethodsTest {
    private static final MethodRun ZSL =
            new MethodRun(Map.of(0, List.of(outcome("r", 1))), Map.of(0, Map.of("zsl.ms_per_query", 5.0)), null);
    private static final MethodRun ICL = new MethodRun(
            Map.of(4, List.of(outcome("r", 0))),
            Map.of(4, Map.of("icl.ms_per_query", 7.0, "icl.prefill_seconds", Double.POSITIVE_INFINITY)),
            null);

    private static ExampleOutcome outcome(String row, int predicted) {
        return new ExampleOutcome(row, 0, predicted, List.of(-1.0, -1.0));
    }

    private static CellScores scores(FittedShots shots, MethodRun icl) {
        return CellScorer.score(new CellRun(
                "c",
                new CellId("m", "d", 1, 0, Arms.MAIN, "t"),
                null,
                "predict",
                List.of(shots),
                Map.of(4, Map.of("labels.changed", .25)),
                Set.of(ScoredMethod.ICL),
                Map.of(ScoredMethod.ZSL, ZSL, ScoredMethod.ICL, icl),
                null));
    }

    @Test
    void aRowHasTheMetricsOfItsMethodsAndTheirCosts() {
        Map<String, Metric> metrics =
                scores(new FittedShots(4, 4, 60), ICL).rows().get(0).metrics();
        assertThat(metrics)
                .containsOnlyKeys(
                        "zsl.accuracy",
                        "icl.accuracy",
                        "icl_minus_zsl",
                        "rec2ftp.base",
                        "icl.ms_per_query",
                        "icl.prefill_seconds",
                        "labels.changed",
                        "zsl.ms_per_query");
        assertThat(metrics.get("icl.ms_per_query")).isEqualTo(Metric.cost(7));
        assertThat(metrics.get("zsl.ms_per_query")).isEqualTo(Metric.cost(5));
        assertThat(metrics.get("labels.changed")).isEqualTo(Metric.cost(.25));
        assertThat(metrics.get("icl.prefill_seconds")).isEqualTo(Metric.noCost(new Absence.NotFinite()));
    }

    @Test
    void aLineLeavesOutTheMethodThatGaveNothing() {
        CellScores scores = scores(new FittedShots(4, 4, 60), ICL);
        assertThat(scores.examples())
                .containsExactly(new ExampleLine(
                        "c", 4, "r", 0, 1, 0, null, List.of(.5, .5), List.of(.5, .5), null, null, null));
        assertThat(scores.layers()).isEmpty();
    }

    /** Of a count whose fit is unknown, the request decides; where nothing fits, the row is zero-shot. */
    @Test
    void zeroShotIsWhatHasNoDemonstrations() {
        FittedShots nothingFits = new FittedShots(4, 0, 1);
        for (FittedShots zero : List.of(FittedShots.unknown(0), nothingFits))
            assertThat(scores(zero, ICL).examples())
                    .extracting(ExampleLine::icl)
                    .containsExactly(1);
        assertThat(scores(FittedShots.unknown(4), ICL).examples())
                .extracting(ExampleLine::icl)
                .containsExactly(0);
    }

    @Test
    void methodsThatSawOtherRowsAreRefused() {
        MethodRun other = new MethodRun(Map.of(4, List.of(outcome("other", 0))), Map.of(), null);
        assertThatThrownBy(() -> scores(new FittedShots(4, 4, 60), other))
                .hasMessageContaining("at position 0 are other and r");
    }

    @Test
    void ofEqualCalibratedScoresTheFirstIsPredicted() {
        List<Double> equal = List.of(Math.log(.5), Math.log(.5));
        ExampleOutcome calibrated =
                Calibration.of(List.of(equal)).apply(new ExampleOutcome("r", 1, 1, equal, List.of(3)));
        assertThat(calibrated.predicted()).isZero();
        assertThat(calibrated.scores().get(0)).isCloseTo(0, within(1e-12));
        assertThat(calibrated.topTokens()).containsExactly(3);
    }
}
