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
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleLine;
import org.jspecify.annotations.Nullable;
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
    void whatDiffersIsListedAndWhatIsTheSameIsNot() {
        Comparison comparison = new Comparison(List.of(
                with(Map.of("model", "mini", "limit", "40", "arms", ""), null),
                with(Map.of("model", "mini", "limit", "200", "arms", "lcgd"), null)));
        assertThat(comparison.text())
                .startsWith("What differs\nparameter  [1]  [2]\n")
                .doesNotContain("model ");
        assertThat(comparison.text().lines()).contains("limit      40   200", "arms       –    lcgd");
        assertThat(comparison.html()).contains("<h2>What differs</h2>", ">lcgd</td>");
        Comparison equal = new Comparison(List.of(with(Map.of("a", "1"), null), with(Map.of("a", "1"), null)));
        assertThat(equal.text()).startsWith("The studies have the same parameters, model and data.\n");
    }

    @Test
    void equalRowsArePairedAndOtherDataIsNot() {
        String paired =
                new Comparison(List.of(with(Map.of(), answers("d1", 40)), with(Map.of(), answers("d1", 50)))).text();
        assertThat(paired).contains("Paired by row:").doesNotContain("Not paired");
        assertThat(paired.lines().filter(l -> l.contains("[2] − [1]")))
                .singleElement()
                .asString()
                .matches("topics +4 +\\[2] − \\[1] +– +\\+10\\.0 \\[\\+[3-6].*");
        String unpaired =
                new Comparison(List.of(with(Map.of(), answers("d1", 40)), with(Map.of(), answers("d2", 50)))).text();
        assertThat(unpaired).contains("Not paired:").doesNotContain("Paired by row");
    }

    @Test
    void withoutDemonstrationsTheMethodsHaveNoDifference() {
        MetricName difference = MetricName.of(Quantity.ICL_MINUS_FT);
        Comparison.StudyPoint zero = new Comparison.StudyPoint(
                "topics",
                0,
                Map.of(
                        difference,
                        Metric.of(MetricKind.DIFFERENCE, 0, 200),
                        MetricName.accuracy(ScoredMethod.ZSL),
                        metric(.5, .4, .6)));
        Comparison.Study study = new Comparison.Study("one", "mini", Map.of(), List.of(zero));
        assertThat(new Comparison(List.of(study, study)).text().lines().filter(l -> l.startsWith("topics")))
                .hasSize(3)
                .allSatisfy(l -> assertThat(l).containsPattern("–( +\\d+|, ?\\d+)*( +\\d+, \\d+)?$"));
    }

    @Test
    void thePageHasACurveForEachMethodAndItsAddressesAreLinks() {
        Comparison.Study script = new Comparison.Study(
                "one", "mini", Map.of("charts", "http://mlflow/a?b=1&c=2", "bad", "javascript:alert(1)"), List.of());
        String html = new Comparison(List.of(study("one", .5), study("two", .6), script)).html();
        assertThat(html)
                .contains(
                        "alt=\"Accuracy of prompting on topics in each study, by shots\"",
                        "alt=\"Accuracy of fine-tuning on topics in each study, by shots\"",
                        "<a rel=\"noopener\" href=\"http://mlflow/one\">http://mlflow/one</a>",
                        "href=\"http://mlflow/a?b=1&amp;c=2\"",
                        "[3] bad: javascript:alert(1)")
                .doesNotContain("href=\"javascript");
    }

    private static Comparison.Study with(Map<String, String> parameters, Comparison.@Nullable Answers answers) {
        Comparison.StudyPoint point = new Comparison.StudyPoint(
                "topics", 4, Map.of(MetricName.accuracy(ScoredMethod.ICL), metric(.5, .4, .6)), answers);
        Comparison.StudyPoint right = answers == null
                ? point
                : new Comparison.StudyPoint(
                        "topics",
                        4,
                        Map.of(MetricName.accuracy(ScoredMethod.ICL), metric(share(answers), .4, .6)),
                        answers);
        return new Comparison.Study("s", "mini", Map.of(), parameters, List.of(right));
    }

    private static double share(Comparison.Answers answers) {
        List<ExampleLine> lines = answers.bySeed().values().iterator().next().get(0);
        return lines.stream().filter(ExampleLine::iclCorrect).count() / (double) lines.size();
    }

    /** A hundred rows, of which prompting gets the first right. */
    private static Comparison.Answers answers(String data, int right) {
        List<ExampleLine> lines = new java.util.ArrayList<>();
        for (int row = 0; row < 100; row++)
            lines.add(new ExampleLine("c", 4, "test/" + row, 1, null, row < right ? 1 : 0, null, null, null, null));
        return new Comparison.Answers(data, Map.of(1, List.of(lines)));
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
