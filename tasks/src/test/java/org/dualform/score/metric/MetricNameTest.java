package org.dualform.score.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.dualform.score.metric.MetricName.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricNameTest {
    /** Every name there can be: the ones of a method, with and without it, the others, and those beside a floor. */
    private static List<MetricName> all() {
        List<MetricName> names = new ArrayList<>();
        for (Quantity quantity : Quantity.values()) {
            names.add(MetricName.of(quantity));
            if (quantity.isOfMethod())
                for (ScoredMethod method : ScoredMethod.values()) names.add(MetricName.of(method, quantity));
            if (quantity.isRecorded())
                for (Floor floor : Floor.values())
                    names.add(MetricName.of(quantity).beside(floor));
        }
        List<MetricName> parts = new ArrayList<>();
        for (MetricName name : names) for (Part part : Part.values()) parts.add(name.part(part));
        return parts;
    }

    @Test
    void everyNameIsReadAsItWasWrittenAndNoTwoAreAlike() {
        assertThat(all())
                .allSatisfy(name -> assertThat(MetricName.parse(name.text())).isEqualTo(name));
        assertThat(all().stream().map(MetricName::text)).doesNotHaveDuplicates();
    }

    @Test
    void theNamesOfTheDesignMeanWhatTheySay() {
        MetricName low = MetricName.parse("icl.accuracy.low");
        assertThat(low).isEqualTo(new MetricName(ScoredMethod.ICL, Quantity.ACCURACY, null, Part.LOW));
        assertThat(low.whole().text()).isEqualTo("icl.accuracy");
        assertThat(low.withoutMethod().text()).isEqualTo("accuracy.low");
        assertThat(MetricName.parse("sim_aou.raw.random"))
                .isEqualTo(new MetricName(null, Quantity.SIM_AOU_RAW, Floor.RANDOM, Part.VALUE));
        assertThat(MetricName.parse("sim_aou.random"))
                .isEqualTo(MetricName.of(Quantity.SIM_AOU).beside(Floor.RANDOM));
        assertThat(MetricName.parse("rec2ftp.base").quantity()).isEqualTo(Quantity.REC2FTP_BASE);
        assertThat(MetricName.parse("sim_am.before_ft.lcgd").floor()).isEqualTo(Floor.LCGD);
        assertThat(MetricName.parse("kendall.token.official").floor()).isNull();
        assertThat(MetricName.parse("icl_minus_ft").kind()).isEqualTo(MetricKind.DIFFERENCE);
        assertThat(MetricName.parse("ft.loss_first").kind()).isEqualTo(MetricKind.COST);
    }

    /** A clock's numbers differ each time; a name that only ends like one of theirs is none of them. */
    @Test
    void whatAClockMeasuresIsKnownByItsQuantity() {
        List<Quantity> clocked = List.of(Quantity.MS_PER_QUERY, Quantity.PREFILL_SECONDS, Quantity.TRAIN_SECONDS);
        assertThat(all()).allMatch(name -> name.isClocked() == clocked.contains(name.quantity()));
        assertThat(MetricName.find("ft.idle_seconds")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "icl",
                "icl.",
                "icl.sim_aou",
                "knn.accuracy",
                "accuracy.random",
                "sim_aou.",
                "sim_aou.low.low",
                "icl_minus_ft.random",
                "learning_rate"
            })
    void otherNamesAreNone(String text) {
        assertThat(MetricName.find(text)).isEmpty();
        assertThatThrownBy(() -> MetricName.parse(text)).hasMessageContaining("no such metric: " + text);
    }

    @Test
    void whatHasNoNameIsRefused() {
        assertThatThrownBy(() -> MetricName.of(ScoredMethod.ICL, Quantity.REC2FTP))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MetricName.of(Quantity.KL).beside(Floor.RANDOM))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
