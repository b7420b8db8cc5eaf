package org.dualform.score.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Metric GAIN = metric(.1, .05, .15);
    private static final Metric NO_GAIN = metric(.01, -.05, .07);

    private static Metric metric(double value, double low, double high) {
        return Metric.of(MetricKind.DIFFERENCE, value, 100, new Interval(low, high, IntervalMethod.BOOTSTRAP));
    }

    @ParameterizedTest
    @CsvSource({
        ".10, .05, .15, PROMPT",
        "-.10, -.15, -.05, FINE_TUNE",
        // Ends at zero hold zero.
        ".10, 0, .20, NO_DIFFERENCE",
        "-.10, -.20, 0, NO_DIFFERENCE",
        // Both ends of the margin are within it.
        "0, -.02, .02, EQUIVALENT",
        "0, -.0201, .02, NO_DIFFERENCE",
        "0, -.02, .0201, NO_DIFFERENCE",
        // A sure difference is one, however small.
        ".01, .005, .015, PROMPT",
        "-.01, -.015, -.005, FINE_TUNE",
        "0, 0, 0, EQUIVALENT",
    })
    void theIntervalDecides(double value, double low, double high, Verdict expected) {
        assertThat(Verdict.of(metric(value, low, high), GAIN, NO_GAIN)).isEqualTo(expected);
        assertThat(Verdict.of(metric(value, low, high), NO_GAIN, GAIN)).isEqualTo(expected);
    }

    @Test
    void whereNeitherBeatsZeroShotNothingElseIsSaid() {
        assertThat(Verdict.of(metric(.1, .05, .15), NO_GAIN, NO_GAIN)).isEqualTo(Verdict.NEITHER_LEARNS);
        assertThat(Verdict.of(metric(0, -.01, .01), NO_GAIN, NO_GAIN)).isEqualTo(Verdict.NEITHER_LEARNS);
        Metric touching = metric(.1, 0, .2);
        assertThat(Verdict.of(metric(.1, .05, .15), touching, touching)).isEqualTo(Verdict.NEITHER_LEARNS);
    }

    @Test
    void withoutAnIntervalNothingIsCompared() {
        assertThat(Verdict.of(null, GAIN, GAIN)).isEqualTo(Verdict.NOT_COMPARED);
        assertThat(Verdict.of(
                        Metric.undefined(MetricKind.DIFFERENCE, new Absence.Diverged(ScoredMethod.FT, 3)), GAIN, GAIN))
                .isEqualTo(Verdict.NOT_COMPARED);
        assertThat(Verdict.of(Metric.of(MetricKind.DIFFERENCE, .1, 5), GAIN, GAIN))
                .isEqualTo(Verdict.NOT_COMPARED);
        // An unknown gain is no sign that nothing was learned.
        assertThat(Verdict.of(metric(.1, .05, .15), null, NO_GAIN)).isEqualTo(Verdict.PROMPT);
    }

    @Test
    void aStudyDetectsWhatItsIntervalAndItsPowerAllow() {
        // Standard error .05: (1.96 + 0.84) of them.
        assertThat(Verdict.detectable(metric(0, -.098, .098))).isCloseTo(.14, within(.0002));
        assertThat(Verdict.detectable(Metric.of(MetricKind.DIFFERENCE, .1, 5))).isNull();
    }
}
