package org.dualform.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One labelled example.
 *
 * @param id split and zero-based position in the file's order, as {@code train/17}
 * @param fields text fields by name, as {@code text} or {@code premise} and {@code hypothesis}
 * @param label index into the data set's labels
 * @param place file and line, for messages
 */
public record LabelledRow(String id, Map<String, String> fields, int label, String place) {
    public LabelledRow {
        fields = Map.copyOf(fields);
    }

    /** The field's text, or null where this row has none. */
    public @Nullable String field(String name) {
        return fields.get(name);
    }
}
