package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {
    @Test
    void oneThingIsSingularAndNoneIsPlural() {
        assertThat(Counted.of(0, "shot")).isEqualTo("0 shots");
        assertThat(Counted.of(1, "shot")).isEqualTo("1 shot");
        assertThat(Counted.of(2, "shot")).isEqualTo("2 shots");
        assertThat(Counted.of(1, "pass", "passes")).isEqualTo("1 pass");
        assertThat(Counted.of(21, "pass", "passes")).isEqualTo("21 passes");
    }
}
