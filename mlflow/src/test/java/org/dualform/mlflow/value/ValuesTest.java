package org.dualform.mlflow.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the checks of the value types, and how values are written. */
class ValuesTest {
    @Test
    void tablesAreCheckedAndCarryWhatJsonCannot() {
        Table table = new Table(
                List.of("id", "x"),
                List.of(List.of("a", Double.NaN), List.of("b", Double.NEGATIVE_INFINITY), List.of("c", 1)));
        assertThat(table.json())
                .isEqualTo("{\"columns\":[\"id\",\"x\"],\"data\":[[\"a\",null],[\"b\",\"-Infinity\"],[\"c\",1]]}");
        assertThatThrownBy(() -> new Table(List.of("id"), List.of(List.of("a"), List.of("a"))))
                .hasMessageContaining("not unique");
        assertThatThrownBy(() -> new Table(List.of("id"), List.of(List.of("a", 1))))
                .hasMessageContaining("2 cells");
    }

    @Test
    void runKeysAreOneToOne() {
        assertThat(new RunKey("a/b", "c", "k").value()).isNotEqualTo(new RunKey("a", "b/c", "k").value());
        assertThat(new RunKey("it's \"1\"", "", "summary").value())
                .doesNotContain("'")
                .doesNotContain("\"");
    }

    @Test
    void aControlLogsItsMetricsUnderOtherNames() {
        assertThat(CurveRole.MAIN.metric("accuracy.low")).isEqualTo("accuracy.low");
        assertThat(CurveRole.CONTROL.metric("accuracy.low")).isEqualTo("control.accuracy.low");
        assertThat(CurveRole.CONTROL.tag()).isEqualTo("control");
    }
}
