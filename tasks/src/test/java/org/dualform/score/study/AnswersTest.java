package org.dualform.score.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.score.result.Verdict;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static SummaryRow row(String dataset, String arm, int shots, @Nullable Double difference, double p) {
        Map<String, Metric> metrics = new HashMap<>();
        Metric gain = Metric.of(MetricKind.DIFFERENCE, .3, 100, new Interval(.2, .4, IntervalMethod.BOOTSTRAP));
        metrics.put("icl_minus_zsl", gain);
        metrics.put("ft_minus_zsl", gain);
        if (difference != null)
            metrics.put(
                    "icl_minus_ft",
                    Metric.of(
                                    MetricKind.DIFFERENCE,
                                    difference,
                                    100,
                                    new Interval(difference - .05, difference + .05, IntervalMethod.BOOTSTRAP))
                            .withP(p));
        return new SummaryRow("m", dataset, arm, shots, List.of(1), metrics);
    }

    private static SelectionCurve curve(SelectionCurve.Point... points) {
        return new SelectionCurve("m", "a", 1, 50, List.of(points));
    }

    private static SelectionCurve.Point point(
            ScoredMethod method, int shots, @Nullable Double accuracy, double likelihood) {
        return new SelectionCurve.Point(
                method, shots, accuracy, accuracy == null ? null : likelihood, accuracy == null ? 0 : 50);
    }

    private static final List<SummaryRow> SUMMARY =
            List.of(row("a", Arms.MAIN, 0, .0, 1), row("a", Arms.MAIN, 2, -.1, .01), row("a", Arms.MAIN, 4, .1, .01));

    @Test
    void theClaimIsMadeWhereTheSelectionRowsSay() {
        List<Answer> answers = Answers.of(
                SUMMARY,
                List.of(curve(
                        point(ScoredMethod.ICL, 2, .6, -1),
                        point(ScoredMethod.ICL, 4, .7, -1),
                        point(ScoredMethod.FT, 2, .8, -1),
                        point(ScoredMethod.FT, 4, .7, 0))));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).shots()).isEqualTo(2);
        assertThat(answers.get(0).chosenMethod()).isEqualTo(ScoredMethod.FT);
        assertThat(answers.get(0).chosenBy()).isEqualTo(Answer.SELECTION);
        assertThat(answers.get(0).verdict()).isEqualTo(Verdict.FINE_TUNE);
    }

    @Test
    void ofEqualPointsTheCheaperThenTheLikelier() {
        SelectionCurve curve = curve(
                point(ScoredMethod.ICL, 2, .7, -3),
                point(ScoredMethod.ICL, 4, .7, -1),
                point(ScoredMethod.FT, 2, .7, -2),
                point(ScoredMethod.FT, 4, null, 0));
        Answer answer = Answers.of(SUMMARY, List.of(curve)).get(0);
        assertThat(answer.shots()).isEqualTo(2);
        assertThat(answer.chosenMethod()).isEqualTo(ScoredMethod.FT);
    }

    @Test
    void withoutSelectionRowsTheLargestCount() {
        Answer none = Answers.of(SUMMARY, List.of()).get(0);
        assertThat(none.shots()).isEqualTo(4);
        assertThat(none.chosenBy()).isEqualTo(Answer.LARGEST);
        assertThat(none.chosenMethod()).isNull();
        // A curve of one method compares nothing.
        assertThat(Answers.of(SUMMARY, List.of(curve(point(ScoredMethod.ICL, 2, 1., 0))))
                        .get(0)
                        .chosenBy())
                .isEqualTo(Answer.LARGEST);
    }

    @Test
    void aCountWithoutBothMethodsIsNotChosen() {
        List<SummaryRow> summary = List.of(row("a", Arms.MAIN, 2, .1, .01), row("a", Arms.MAIN, 4, null, 1));
        SelectionCurve curve = curve(point(ScoredMethod.ICL, 4, .9, 0), point(ScoredMethod.FT, 2, .5, 0));
        assertThat(Answers.of(summary, List.of(curve)).get(0).shots()).isEqualTo(2);
        Answer none = Answers.of(List.of(row("a", Arms.MAIN, 4, null, 1)), List.of(curve))
                .get(0);
        assertThat(none.verdict()).isEqualTo(Verdict.NOT_COMPARED);
        assertThat(none.shots()).isNull();
    }

    @Test
    void theStudysAnswersAreAdjustedTogetherAndControlsAreNone() {
        List<SummaryRow> summary = new ArrayList<>();
        summary.add(row("a", Arms.MAIN, 4, .1, .01));
        summary.add(row("a", "flip=0.5", 4, .1, .01));
        summary.add(row("b", Arms.MAIN, 4, .1, .04));
        List<Answer> answers = Answers.of(summary, List.of());
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(a -> assertThat(a.comparisons()).isEqualTo(2));
        assertThat(answers.get(0).pAdjusted()).isEqualTo(.02);
        assertThat(answers.get(1).pAdjusted()).isEqualTo(.04);
    }

    @Test
    void theCurveOfAnotherDataSetOrModelChoosesNothing() {
        List<SelectionCurve.Point> points =
                List.of(point(ScoredMethod.ICL, 2, .9, 0), point(ScoredMethod.FT, 2, .5, 0));
        List<SelectionCurve> others =
                List.of(new SelectionCurve("m", "b", 1, 50, points), new SelectionCurve("n", "a", 1, 50, points));
        Answer answer = Answers.of(SUMMARY, others).get(0);
        assertThat(answer.shots()).isEqualTo(4);
        assertThat(answer.chosenBy()).isEqualTo(Answer.LARGEST);
    }
}
