package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.ScoredMethod;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Metric metric(double value, double low, double high) {
        return Metric.of(MetricKind.SHARE, value, 200, new Interval(low, high, IntervalMethod.WILSON));
    }

    private static Comparison.Study study(String name, double icl, Comparison.StudyPoint... more) {
        Comparison.StudyPoint point = new Comparison.StudyPoint(
                "topics",
                4,
                Map.of(
                        MetricName.accuracy(ScoredMethod.ICL),
                        metric(icl, icl - .03, icl + .04),
                        MetricName.accuracy(ScoredMethod.FT),
                        Metric.of(MetricKind.SHARE, .5, 200)));
        return new Comparison.Study(
                name,
                "mini, finished",
                Map.of("charts", "http://mlflow/" + name),
                java.util.stream.Stream.concat(java.util.stream.Stream.of(point), java.util.stream.Stream.of(more))
                        .toList());
    }

    /** Sides 3-4-5: each end is the root of the summed squares of the ends that meet there. */
    @Test
    void theIntervalOfADifferenceComesFromBoth() {
        Metric difference = Comparison.difference(metric(.6, .57, .64), metric(.5, .47, .54))
                .orElseThrow();
        assertThat(difference.value()).isCloseTo(.1, within(1e-12));
        assertThat(difference.low()).isCloseTo(.05, within(1e-12));
        assertThat(difference.high()).isCloseTo(.15, within(1e-12));
        assertThat(Comparison.difference(metric(.6, .5, .7), Metric.of(MetricKind.SHARE, .5, 10))
                        .orElseThrow()
                        .low())
                .isNull();
        assertThat(Comparison.difference(null, Metric.of(MetricKind.SHARE, .5, 10)))
                .isEmpty();
    }

    @Test
    void bothStudiesAndTheirDifferenceAreShown() {
        Comparison.StudyPoint alone = new Comparison.StudyPoint(
                "other", 4, Map.of(MetricName.accuracy(ScoredMethod.ICL), metric(.5, .4, .6)));
        String text = new Comparison(List.of(study("one", .5), study("two", .6, alone))).text();
        assertThat(text.lines().filter(l -> l.startsWith("topics")).toList())
                .hasSize(3)
                .anySatisfy(l -> assertThat(l).contains("[2] − [1]", "+10.0 [+5.0, +15.0]", "0.0", "200, 200"));
        assertThat(text.lines().filter(l -> l.startsWith("other"))).hasSize(1);
        assertThat(text).contains("[2] two (mini, finished)", "charts: http://mlflow/two");
    }

    @Test
    void aStudyWithoutResultsSaysSo() {
        Comparison.Study empty = new Comparison.Study("new", "mini, running", Map.of(), List.of());
        assertThat(new Comparison(List.of(empty)).text()).contains("[1] new (mini, running)", "no results yet");
    }

    @Test
    void namesAreNoMarkup() {
        Comparison hostile = new Comparison(List.of(study("<script>alert(1)</script>", .5), study("b\u001b[1m", .6)));
        assertThat(hostile.html()).doesNotContain("<script").contains("&lt;script&gt;", "Differences from the first");
        assertThat(hostile.text()).doesNotContain("\u001b").contains("b?[1m");
    }
}
