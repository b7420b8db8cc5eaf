package org.dualform.mlflow.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * A table that MLflow's UI can show. The values of its first column must be unique, because the UI groups rows by it.
 *
 * @param rows cells are strings, numbers, booleans or null; NaN is written as null, an infinity as its name
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

    public String json() {
        List<List<@Nullable Object>> data = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(plain(cell)));
            data.add(cells);
        }
        try {
            return Json.mapper().writeValueAsString(new Split(columns, data));
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

    /** The "split" form of pandas, which MLflow reads. */
    private record Split(List<String> columns, List<List<@Nullable Object>> data) {}
}
