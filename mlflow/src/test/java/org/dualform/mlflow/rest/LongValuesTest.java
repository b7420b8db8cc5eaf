package org.dualform.mlflow.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tests values that are too long for MLflow. */
class LongValuesTest {
    @Property
    void longValuesKeepTheirBeginningAndTheWholeGoesAlong(@ForAll @IntRange(min = 5000, max = 9000) int length) {
        String value = "𝄞".repeat(length);
        LongValues fitting = LongValues.params(Map.of("k", value));
        String kept = fitting.values().get("k");
        assertThat(kept.codePointCount(0, kept.length())).isLessThanOrEqualTo(6000);
        if (length <= 6000) {
            assertThat(kept).isEqualTo(value);
            assertThat(fitting.whole()).isEmpty();
        } else {
            assertThat(value).startsWith(kept.substring(0, kept.indexOf('\n')));
            assertThat(kept.indexOf('\n')).isGreaterThan(2 * 5500);
            assertThat(fitting.whole()).isEqualTo(Map.of("long-values/params/k.txt", value));
            assertThat(kept).contains("long-values/params/k.txt");
        }
    }
}
