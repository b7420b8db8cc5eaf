package org.dualform.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table in the form that MLflow's UI shows. Its first column must be unique, since the UI groups by it.
 *
 * @param rows cells are strings, numbers, booleans or null; NaN becomes null, an infinity its name
 */
public record Table(List<String> columns, List<List<@Nullable Object>> rows) {
    public Table {
        Set<@Nullable Object> ids = new HashSet<>();
        for (List<@Nullable Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "A row of " + row.size() + " cells in a table of " + columns.size() + " columns: " + row);
            }
            if (!ids.add(row.get(0))) {
                throw new IllegalArgumentException(
                        "The first column, " + columns.get(0) + ", is not unique: " + row.get(0));
            }
        }
    }

    String json() {
        List<List<@Nullable Object>> data = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(plain(cell)));
            data.add(cells);
        }
        try {
            return Json.MAPPER.writeValueAsString(new Split(columns, data));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A table's cells are strings, numbers, booleans or null", e);
        }
    }

    private static @Nullable Object plain(@Nullable Object cell) {
        if (cell instanceof Number number && !Double.isFinite(number.doubleValue())) {
            return Double.isNaN(number.doubleValue()) ? null : number.toString();
        }
        return cell;
    }

    /** MLflow's (pandas') "split" form. */
    private record Split(List<String> columns, List<List<@Nullable Object>> data) {}
}
