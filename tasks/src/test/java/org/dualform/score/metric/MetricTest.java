package org.dualform.score.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.dualform.contract.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
    private static Metric read(String json) throws JsonProcessingException {
        return Json.mapper().readValue(json.replace('\'', '"'), Metric.class);
    }

    @Test
    void everyFieldIsReadFromItsOwnName() throws JsonProcessingException {
        assertThat(read(
                        "{'kind': 'difference', 'value': 0.1, 'n': 40, 'low': 0.01, 'high': 0.2, 'interval': 'bootstrap',"
                                + " 'seed_min': 0.05, 'seed_max': 0.15, 'band_low': 0.005, 'band_high': 0.3, 'p': 0.04,"
                                + " 'cautions': [{'what': 'given_seeds', 'seeds': 3}]}"))
                .isEqualTo(new Metric(
                        MetricKind.DIFFERENCE,
                        .1,
                        40,
                        .01,
                        .2,
                        IntervalMethod.BOOTSTRAP,
                        .05,
                        .15,
                        .005,
                        .3,
                        .04,
                        List.of(),
                        List.of(new Caution.GivenSeeds(3))));
        assertThat(read("{'kind': 'share', 'value': null, 'n': 0, 'absence': [{'why': 'missing', 'method': 'ft'}]}"))
                .isEqualTo(Metric.undefined(MetricKind.SHARE, new Absence.Missing(ScoredMethod.FT)));
    }

    /** In earlier files the sentence is all there is: of a value it is a caution, otherwise it says why there is none. */
    @Test
    void anEarlierFilesSentenceIsKept() throws JsonProcessingException {
        Metric few = read("{'value': 0.5, 'n': 4, 'reason': 'only 4 cases'}");
        assertThat(few.kind()).isEqualTo(MetricKind.UNSTATED);
        assertThat(few.cautions()).containsExactly(new Caution.Stated("only 4 cases"));
        assertThat(few.absence()).isEmpty();
        Metric none = read("{'value': null, 'n': 0, 'reason': 'diverged'}");
        assertThat(none.absence()).containsExactly(new Absence.Stated("diverged"));
        assertThat(none.cautions()).isEmpty();
        assertThat(read("{'value': 0.5, 'n': 40}")).isEqualTo(Metric.of(MetricKind.UNSTATED, .5, 40));
    }

    @Test
    void besideAKindTheSentenceOnlyRepeats() throws JsonProcessingException {
        assertThat(read("{'kind': 'share', 'value': 0.5, 'n': 4, 'reason': 'few',"
                        + " 'cautions': [{'what': 'too_few', 'n': 4}]}"))
                .isEqualTo(Metric.of(MetricKind.SHARE, .5, 4).with(new Caution.TooFew(4)));
        assertThat(read("{'kind': 'share', 'value': null, 'n': 0, 'reason': 'none'}"))
                .isEqualTo(Metric.undefined(MetricKind.SHARE));
    }

    @Test
    void aCostHasAValueAndNoCases() {
        Metric cost = Metric.cost(2.5);
        assertThat(cost.kind()).isEqualTo(MetricKind.COST);
        assertThat(cost.value()).isEqualTo(2.5);
        assertThat(cost.n()).isNull();
        assertThat(cost.absence()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aCostThatIsNoNumberHasNoValue(double value) {
        Metric cost = Metric.cost(value);
        assertThat(cost).isEqualTo(Metric.noCost(new Absence.NotFinite()));
        assertThat(cost.kind()).isEqualTo(MetricKind.COST);
        assertThat(cost.value()).isNull();
        assertThat(cost.n()).isNull();
        assertThat(cost.absence()).containsExactly(new Absence.NotFinite());
    }

    @Test
    void aCautionIsSaidOnceAndFound() {
        Metric few = Metric.of(MetricKind.SHARE, .5, 4).with(new Caution.TooFew(4));
        assertThat(few.with(new Caution.TooFew(4))).isEqualTo(few);
        assertThat(few.with(new Caution.NoInterval()).cautions())
                .containsExactly(new Caution.TooFew(4), new Caution.NoInterval());
        assertThat(few.has(Caution.TooFew.class)).isTrue();
        assertThat(few.has(Caution.NoInterval.class)).isFalse();
    }

    @Test
    void aNamePrintsAsItIsWritten() {
        assertThat(MetricName.parse("icl.accuracy.low")).hasToString("icl.accuracy.low");
    }
}
