package org.dualform.task.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.dualform.mlflow.value.Table;
import org.dualform.score.result.CellId;
import org.dualform.score.result.LayerSimilarity;
import org.dualform.spec.arm.Arms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LayerTableTest {
    private static LayerSimilarity similarity(String metric, @Nullable Double first, double second) {
        return new LayerSimilarity(
                "c",
                new CellId("m", "d", 1, 0, Arms.MAIN, "t"),
                4,
                metric,
                Arrays.asList(first, second),
                List.of(first == null ? 0 : 9, 9),
                List.of(),
                List.of());
    }

    @Test
    void aRowALayerWithNothingWhereItIsUndefined() {
        Table table = LayerTable.of(List.of(similarity("sim_am.delta", null, 0.5), similarity("sim_aou", 0.25, 0.5)));
        assertThat(table.columns()).containsExactly("id", "shots", "metric", "layer", "mean", "n");
        assertThat(table.rows())
                .containsExactly(
                        Arrays.asList("4 sim_am.delta 0", 4, "sim_am.delta", 0, null, 0),
                        List.of("4 sim_am.delta 1", 4, "sim_am.delta", 1, 0.5, 9),
                        List.of("4 sim_aou 0", 4, "sim_aou", 0, 0.25, 9),
                        List.of("4 sim_aou 1", 4, "sim_aou", 1, 0.5, 9));
    }
}
