package org.dualform.score.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class HolmTest {
    /** By hand: 3 × .01, 2 × .03, then no less than that. */
    @Example
    void adjustsStepByStep() {
        assertThat(Holm.adjusted(.04, .01, .03)).containsExactly(new double[] {.06, .03, .06}, within(1e-15));
        assertThat(Holm.adjusted()).isEmpty();
        assertThat(Holm.adjusted(.5, .9)).containsExactly(1, 1);
    }

    @Property(tries = 200)
    void liesBetweenTheValueAndBonferroniAndKeepsTheOrder(
            @ForAll @Size(min = 1, max = 12) List<@DoubleRange(min = 0, max = 1) Double> values) {
        double[] p = values.stream().mapToDouble(Double::doubleValue).toArray();
        double[] adjusted = Holm.adjusted(p);
        for (int i = 0; i < p.length; i++) {
            assertThat(adjusted[i]).isBetween(p[i], Math.min(1, p.length * p[i]) + 1e-15);
            for (int j = 0; j < p.length; j++)
                if (p[i] < p[j]) assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
        }
    }
}
