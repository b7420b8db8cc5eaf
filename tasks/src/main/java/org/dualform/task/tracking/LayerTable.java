package org.dualform.task.tracking;

import java.util.ArrayList;
import java.util.List;
import org.dualform.mlflow.value.Table;
import org.dualform.score.result.LayerSimilarity;
import org.jspecify.annotations.Nullable;

/**
 * A cell's similarities by layer as a table, with one row for each shot count, metric and layer. It is a table because
 * a metric's step is already the shot count.
 */
final class LayerTable {
    private static final List<String> COLUMNS = List.of("id", "shots", "metric", "layer", "mean", "n");

    private LayerTable() {}

    static Table of(List<LayerSimilarity> similarities) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (LayerSimilarity similarity : similarities) {
            for (int layer = 0; layer < similarity.mean().size(); layer++) {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(similarity.shots() + " " + similarity.metric() + " " + layer);
                row.add(similarity.shots());
                row.add(similarity.metric());
                row.add(layer);
                row.add(similarity.mean().get(layer));
                row.add(similarity.n().get(layer));
                rows.add(row);
            }
        }
        return new Table(COLUMNS, rows);
    }
}
