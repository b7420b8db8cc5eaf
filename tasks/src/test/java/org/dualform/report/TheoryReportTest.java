package org.dualform.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TheoryReportTest {
    @Test
    void whatRoundsToZeroHasNoSign() {
        assertThat(TheoryReport.decimal(-0.0004)).isEqualTo("0.000");
        assertThat(TheoryReport.decimal(-0.0)).isEqualTo("0.000");
        assertThat(TheoryReport.decimal(-0.0006)).isEqualTo("-0.001");
        assertThat(TheoryReport.decimal(-0.25)).isEqualTo("-0.25");
    }
}
