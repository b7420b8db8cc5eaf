package org.dualform.score.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleOutcome;
import org.junit.jupiter.api.Test;

/** A method's accuracy at every shot count, as it is and calibrated. */
class MethodAnswersTest {
    private static ExampleOutcome outcome(String row, int gold, double first, double second) {
        return new ExampleOutcome(row, gold, first >= second ? 0 : 1, List.of(first, second));
    }

    /** Two rows of label 0 and two of label 1; all but the last are answered with label 0. */
    private static final List<ExampleOutcome> OUTCOMES = List.of(
            outcome("a", 0, -1, -3), outcome("b", 0, -1, -2.5), outcome("c", 1, -1, -1.5), outcome("d", 1, -2, -1));

    /** Without content label 0 gets e times the probability of label 1. */
    private static final List<List<Double>> FAVOURS_FIRST = List.of(List.of(-1.0, -2.0));

    @Test
    void theShareOfRightAnswersHasItsIntervalAndN() {
        Map<Integer, Metric> accuracies = new MethodAnswers(
                        ScoredMethod.ICL, Map.of(0, OUTCOMES, 2, OUTCOMES.subList(0, 3)), Map.of())
                .accuracies();
        assertThat(accuracies.keySet()).containsExactly(0, 2);
        assertThat(accuracies.get(0).value()).isEqualTo(0.75);
        assertThat(accuracies.get(0).n()).isEqualTo(4);
        assertThat(accuracies.get(2).value()).isEqualTo(2 / 3.0);
        // Wilson's interval of 3 of 4.
        assertThat(accuracies.get(0).low()).isCloseTo(0.3006, within(1e-4));
        assertThat(accuracies.get(0).high()).isCloseTo(0.9544, within(1e-4));
    }

    @Test
    void aCountWithoutAnswersHasNoAccuracy() {
        assertThat(new MethodAnswers(ScoredMethod.FT, Map.of(1, List.of(), 2, OUTCOMES), Map.of()).accuracies())
                .containsOnlyKeys(2);
    }

    @Test
    void calibrationWeighsDownWhatALabelGetsByItself() {
        MethodAnswers answers =
                new MethodAnswers(ScoredMethod.FT, Map.of(2, OUTCOMES, 4, OUTCOMES), Map.of(2, FAVOURS_FIRST));
        assertThat(answers.scored(false)).isSameAs(answers);
        MethodAnswers calibrated = answers.scored(true);
        assertThat(calibrated.outcomes()).as("no content-free scores at 4").containsOnlyKeys(2);
        assertThat(calibrated.outcomes().get(2))
                .extracting(ExampleOutcome::predicted)
                .containsExactly(0, 0, 1, 1);
        assertThat(calibrated.accuracies().get(2).value()).isEqualTo(1.0);
        assertThat(answers.accuracies().get(2).value()).isEqualTo(0.75);
    }

    @Test
    void aCountWhoseContentFreeScoresAreEmptyIsLeftOut() {
        MethodAnswers answers =
                new MethodAnswers(ScoredMethod.ICL, Map.of(2, OUTCOMES), Map.of(2, List.of(List.of(), List.of())));
        assertThat(answers.scored(true).accuracies()).isEmpty();
    }

    @Test
    void everyMethodIsScoredByItsOwnAnswers() {
        for (ScoredMethod method : ScoredMethod.values())
            assertThat(MethodAnswers.accuracy(method, OUTCOMES).value())
                    .as(method.id())
                    .isEqualTo(0.75);
    }
}
