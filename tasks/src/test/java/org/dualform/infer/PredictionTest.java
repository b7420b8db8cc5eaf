package org.dualform.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dualform.prompt.PromptSet;
import org.dualform.prompt.TokenIds;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final PromptSet.Query QUERY = new PromptSet.Query("validation:3", "text", 1, TokenIds.of(4, 5));

    @Test
    void theScoreIsTheMeanOverTheLabelsTokens() {
        var prediction = Prediction.of(QUERY, List.of(List.of(-4.0, -2.0), List.of(-2.5)), List.of());
        assertThat(prediction.scores()).containsExactly(-3.0, -2.5);
        assertThat(prediction.predicted()).isEqualTo(1);
        assertThat(prediction.distribution().get(1)).isCloseTo(1 / (1 + Math.exp(-0.5)), within(1e-12));
    }

    @Test
    void theFirstOfEqualsWins() {
        assertThat(Prediction.of(QUERY, List.of(List.of(-9.0), List.of(-2.0), List.of(-2.0)), List.of())
                        .predicted())
                .isEqualTo(1);
    }

    @Test
    void noPredictionWithoutFiniteScores() {
        for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            var prediction = Prediction.of(QUERY, List.of(List.of(-1.0), List.of(value)), List.of());
            assertThat(prediction.defined()).isFalse();
            assertThat(prediction.scores()).isEmpty();
        }
    }
}
