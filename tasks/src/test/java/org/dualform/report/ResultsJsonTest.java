package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.report.panel.Numbers;
import org.dualform.report.words.Reasons;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Absence.Cause;
import org.dualform.score.metric.Absence.Denominator;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.FittedShots;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;
import org.dualform.score.result.RowStatus;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;
import org.junit.jupiter.api.Test;

/** {@code results.json} is read as it was written, its form is flat, and older files can still be read. */
class ResultsJsonTest {
    private static final Absence ICL_MISSING = new Absence.Missing(ScoredMethod.ICL);
    private static final Absence FT_DIVERGED = new Absence.Diverged(ScoredMethod.FT, 3);

    private static Path examples() {
        return Path.of(System.getProperty("dualform.root", ".")).resolve("contract/examples");
    }

    private static Metric sure() {
        Interval interval = new Interval(.2, .4, IntervalMethod.BOOTSTRAP_EXAMPLES);
        return Metric.of(MetricKind.DIFFERENCE, .3, 200, interval).withP(.01).withBand(.1, .5);
    }

    private static Results results() {
        Map<String, Metric> metrics = new TreeMap<>();
        metrics.put("zsl.accuracy", sure().with(new Caution.GivenSeeds(3)).with(new Caution.TooFew(8)));
        metrics.put("icl.accuracy", Metric.undefined(MetricKind.SHARE, ICL_MISSING));
        metrics.put("ft.accuracy", Metric.undefined(MetricKind.SHARE, FT_DIVERGED));
        metrics.put("icl_minus_ft", Metric.undefined(MetricKind.DIFFERENCE, ICL_MISSING, FT_DIVERGED));
        metrics.put("rec2ftp.base", sure().with(new Caution.UndefinedAnswers(ScoredMethod.ICL, 1, 200)));
        metrics.put("rec2ftp", empty(Denominator.ERRORS_FIXED_BY_FT));
        metrics.put(
                "sim_aou", Metric.undefined(MetricKind.SIMILARITY, new Absence.Incomparable(Cause.NOTHING_TO_COMPARE)));
        metrics.put("sim_am", sure().with(new Caution.UndefinedLayers(List.of(0, 2))));
        metrics.put("sim_am.delta", sure().with(new Caution.UndefinedRows(1, 6)));
        metrics.put("icl_ft.kl", sure().with(new Caution.SeedsMissing(1, List.of(FT_DIVERGED))));
        metrics.put("icl_ft.agreement", sure().with(new Caution.NoInterval()));
        metrics.put("ft.loss_last", Metric.cost(Double.NaN));
        metrics.put("ft.steps", Metric.noCost(new Absence.NotMeasured()));
        ResultRow row = new ResultRow(
                        "m-d-s1",
                        new CellId("m", "d", 1, 0, Arms.MAIN, "t"),
                        new FittedShots(8, 6, 120),
                        .1,
                        "predict",
                        RowStatus.MISSING,
                        List.of(ICL_MISSING, FT_DIVERGED),
                        metrics)
                .withChoice(List.of(ScoredMethod.FT), "train");
        ResultRow lost = new ResultRow(
                "m-d-s2",
                new CellId("m", "d", 2, 0, Arms.MAIN, "t"),
                FittedShots.unknown(8),
                null,
                "predict",
                RowStatus.MISSING,
                List.of(new Absence.Failed("score failed: no")),
                Map.of());
        ObjectNode none = JsonNodeFactory.instance.objectNode();
        return new Results(
                1,
                none,
                none,
                List.of(row, lost),
                List.of(new SummaryRow("m", "d", Arms.MAIN, 8, List.of(1, 2), metrics)),
                List.of(),
                List.of(),
                List.of(new ChosenRate("m", "d", Arms.MAIN, .3, ChosenRate.Place.ALL_DIVERGED, 1e-4, .3)));
    }

    private static Metric empty(Denominator denominator) {
        return Metric.undefined(MetricKind.SHARE, new Absence.EmptyDenominator(denominator));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws Exception {
        JsonNode json = ResultsJson.of(results());
        assertThat(Json.mapper().treeToValue(json, Results.class)).isEqualTo(results());
        assertThat(ResultsJson.of(Json.mapper().treeToValue(json, Results.class)))
                .isEqualTo(json);
    }

    @Test
    void theCellIsFlatAndEachReasonBelongsToItsMethod() {
        JsonNode row = ResultsJson.of(results()).path("rows").path(0);
        assertThat(row.path("model").asText()).isEqualTo("m");
        assertThat(row.path("template").asText()).isEqualTo("t");
        assertThat(row.path("shots").asInt()).isEqualTo(8);
        assertThat(row.path("true_shots").asInt()).isEqualTo(6);
        assertThat(row.has("id") || row.has("fitted") || row.has("main")).isFalse();
        assertThat(row.path("reason").asText()).isEqualTo("icl is missing; ft diverged at step 3");
        JsonNode metrics = row.path("metrics");
        assertThat(metrics.path("icl.accuracy").path("reason").asText()).isEqualTo("icl is missing");
        assertThat(metrics.path("ft.accuracy").path("reason").asText()).isEqualTo("ft diverged at step 3");
        assertThat(metrics.path("ft.accuracy").path("absence").toString())
                .isEqualTo("[{\"why\":\"diverged\",\"method\":\"ft\",\"step\":3}]");
        assertThat(metrics.path("zsl.accuracy").path("reason").asText())
                .isEqualTo("given these 3 seeds; too few: n = 8");
        assertThat(metrics.path("zsl.accuracy").path("interval").asText()).isEqualTo("bootstrap-examples");
        assertThat(metrics.path("sim_am").path("reason").asText())
                .isEqualTo("undefined in layer 0, 2: nothing changes there");
        assertThat(metrics.path("icl_ft.kl").path("reason").asText())
                .isEqualTo("1 of the seeds missing: ft diverged at step 3");
        JsonNode lost = ResultsJson.of(results()).path("rows").path(1);
        assertThat(lost.path("true_shots").isNull()).isTrue();
        assertThat(lost.path("reason").asText()).isEqualTo("score failed: no");
    }

    @Test
    void theTableTellsWhatIsMissingFromWhatDiverged() {
        Map<String, Metric> metrics = results().rows().get(0).metrics();
        assertThat(Numbers.share(metrics.get("icl.accuracy"))).isEqualTo("missing");
        assertThat(Numbers.share(metrics.get("ft.accuracy"))).isEqualTo("diverged");
        assertThat(Numbers.counts(metrics.get("rec2ftp"))).isEqualTo("undefined");
        assertThat(Numbers.plain(metrics.get("ft.steps"))).isEqualTo(Numbers.NONE);
    }

    /** A file of a version without types keeps its sentences and numbers. */
    @Test
    void anOlderFileIsRead() throws Exception {
        ObjectNode old = (ObjectNode) ResultsJson.of(results());
        for (JsonNode row : old.path("rows")) withoutTypes((ObjectNode) row);
        for (JsonNode row : old.path("summary")) withoutTypes((ObjectNode) row);
        Results read = Json.mapper().treeToValue(old, Results.class);
        Map<String, Metric> metrics = read.summary().get(0).metrics();
        assertThat(Reasons.of(metrics.get("icl.accuracy"))).isEqualTo("icl is missing");
        assertThat(Numbers.share(metrics.get("icl.accuracy"))).isEqualTo("undefined");
        assertThat(Reasons.of(metrics.get("zsl.accuracy"))).isEqualTo("given these 3 seeds; too few: n = 8");
        assertThat(metrics.get("zsl.accuracy").value()).isEqualTo(.3);
        assertThat(Reasons.of(read.rows().get(0).absence())).isEqualTo("icl is missing; ft diverged at step 3");
        assertThat(new Report(read).text()).contains("missing (icl is missing; ft diverged at step 3)");
    }

    private static void withoutTypes(ObjectNode row) {
        row.remove("absence");
        for (JsonNode metric : row.path("metrics"))
            ((ObjectNode) metric).remove(List.of("kind", "absence", "cautions"));
    }

    /** The examples of the contract are what this version writes. */
    @Test
    void theExamplesAreWhatIsWritten() throws Exception {
        for (String name : List.of("results.json", "results-recorded.json")) {
            JsonNode example =
                    Json.mapper().readTree(Files.readAllBytes(examples().resolve(name)));
            Results read = Json.mapper().treeToValue(example, Results.class);
            assertThat(new String(Json.canonical(ResultsJson.of(read)), StandardCharsets.UTF_8))
                    .as(name)
                    .isEqualTo(new String(Json.canonical(example), StandardCharsets.UTF_8));
        }
    }

    @Test
    void layersAreFlatToo() throws Exception {
        JsonNode example = Json.mapper().readTree(Files.readAllBytes(examples().resolve("layers.json")));
        for (JsonNode layer : example.path("layers")) {
            LayerSimilarity read = Json.mapper().treeToValue(layer, LayerSimilarity.class);
            assertThat(read.id().arm()).isEqualTo(layer.path("arm").asText());
            assertThat(Json.canonical(Json.mapper().valueToTree(read))).isEqualTo(Json.canonical(layer));
        }
    }
}
