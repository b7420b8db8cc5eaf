package org.dualform.report.paper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dualform.contract.Json;
import org.dualform.report.ResultsJson;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.MetricName;
import org.dualform.score.result.Results;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

class ResultsPageTest {
    @Test
    void aClaimIsJudgedByItsInterval() {
        assertThat(Claim.ICL_HELPS.of(study(.1, .05, .15), "sst2")).isEqualTo(Claim.Verdict.HOLDS);
        assertThat(Claim.ICL_HELPS.of(study(-.1, -.15, -.05), "sst2")).isEqualTo(Claim.Verdict.OPPOSITE);
        assertThat(Claim.ICL_HELPS.of(study(.1, -.05, .25), "sst2")).isEqualTo(Claim.Verdict.UNDECIDED);
        assertThat(Claim.FT_HELPS.of(study(.1, .05, .15), "sst2")).isEqualTo(Claim.Verdict.NOT_MEASURED);
    }

    @Test
    void aValueWithAFloorIsJudgedByWhetherTheIntervalsAreApart() {
        assertThat(Claim.ATTENTION_ALIKE.of(similar(.5, .2), "sst2")).isEqualTo(Claim.Verdict.HOLDS);
        assertThat(Claim.ATTENTION_ALIKE.of(similar(.2, .5), "sst2")).isEqualTo(Claim.Verdict.OPPOSITE);
        assertThat(Claim.ATTENTION_ALIKE.of(similar(.5, .47), "sst2")).isEqualTo(Claim.Verdict.UNDECIDED);
    }

    @Test
    void thePapersOwnNumbersHaveItsDirectionsExceptWhereTheyHaveNot() {
        PublishedModel larger = PublishedModel.all().get(1);
        List<String> datasets = List.of("sst2", "sst5", "mr", "subj", "agnews", "cb");
        assertThat(Claim.ICL_WINS.published(larger, datasets))
                .doesNotContain("cb")
                .hasSize(5);
        assertThat(Claim.ATTENTION_ALIKE.published(larger, datasets)).containsExactly("sst5", "mr", "subj", "agnews");
    }

    @Test
    void thePageShowsTheLargestCountBesideThePaper() {
        String page = new ResultsPage(List.of(study(.1, .05, .15))).markdown();
        assertThat(page)
                .contains("| model | quantity | sst2 |", "| GPT 1.3B (paper) | ICL | 92.7 |")
                .contains("ICL is more accurate than zero-shot: holds in 1 of 1 pairs")
                .contains("It holds everywhere.")
                .doesNotContain(
                        "SimAOU: similarity of the updates of attention outputs, with what it is read against\n\n\n");
    }

    @Test
    void whatIsKeptOfAStudyMakesTheSamePage() throws Exception {
        MeasuredStudy study = study(.1, .05, .15);
        byte[] file = Json.mapper().writeValueAsBytes(ResultsJson.of(ConciseResults.of(study.results())));
        Results read = Json.mapper().readValue(file, Results.class);
        assertThat(read.summary().get(0).metrics()).doesNotContainKey("icl.ms_per_query");
        assertThat(new ResultsPage(List.of(new MeasuredStudy("s", read))).markdown())
                .isEqualTo(new ResultsPage(List.of(study)).markdown());
    }

    private static MeasuredStudy similar(double after, double before) {
        return study(Map.of("sim_am", similarity(after), "sim_am.before_ft", similarity(before)));
    }

    private static Metric similarity(double value) {
        return Metric.of(
                MetricKind.SIMILARITY, value, 50, new Interval(value - .02, value + .02, IntervalMethod.BOOTSTRAP));
    }

    private static MeasuredStudy study(double difference, double low, double high) {
        return study(Map.of(
                "icl.accuracy",
                Metric.of(MetricKind.SHARE, .8, 100, new Interval(.7, .9, IntervalMethod.WILSON)),
                "icl_minus_zsl",
                Metric.of(MetricKind.DIFFERENCE, difference, 100, new Interval(low, high, IntervalMethod.BOOTSTRAP)),
                "icl.ms_per_query",
                Metric.cost(12)));
    }

    private static MeasuredStudy study(Map<String, Metric> metrics) {
        Map<String, Metric> ordered = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> ordered.put(MetricName.parse(name).text(), metric));
        List<SummaryRow> summary = List.of(
                new SummaryRow("models/m", "sst2", Arms.MAIN, 0, List.of(1), Map.of()),
                new SummaryRow("models/m", "sst2", Arms.MAIN, 8, List.of(1), ordered));
        JsonNodeFactory json = JsonNodeFactory.instance;
        return new MeasuredStudy(
                "s",
                new Results(
                        1,
                        json.objectNode().put("model", "models/m"),
                        json.objectNode(),
                        List.of(),
                        summary,
                        List.of(),
                        List.of()));
    }
}
