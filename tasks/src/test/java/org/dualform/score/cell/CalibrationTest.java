package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dualform.score.result.ExampleOutcome;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static List<Double> scores(double... probabilities) {
        return java.util.Arrays.stream(probabilities).mapToObj(Math::log).toList();
    }

    /** Content-free: (.8, .2) and (.6, .4), on average (.7, .3). W p of (.6, .4) is (.857, 1.333): the other label wins. */
    @Test
    void labelsThatComeWithoutContentAreWeighedDown() {
        Calibration calibration = Calibration.of(List.of(scores(.08, .02), scores(.6, .4), List.of()));
        ExampleOutcome calibrated = calibration.apply(new ExampleOutcome("r", 1, 0, scores(.06, .04)));
        assertThat(calibrated.predicted()).isEqualTo(1);
        double w0 = .6 / .7;
        double w1 = .4 / .3;
        assertThat(calibrated.distribution().get(0)).isCloseTo(w0 / (w0 + w1), within(1e-12));
        assertThat(calibration
                        .apply(new ExampleOutcome("r", 1, 0, scores(.9, .1)))
                        .predicted())
                .isZero();
    }

    @Test
    void whatIsUndefinedStaysSo() {
        ExampleOutcome undefined = new ExampleOutcome("r", 1, ExampleOutcome.UNDEFINED, List.of());
        assertThat(Calibration.of(List.of(scores(.5, .5))).apply(undefined)).isEqualTo(undefined);
        assertThatThrownBy(() -> Calibration.of(List.of(List.of()))).hasMessageContaining("no content-free input");
    }
}
