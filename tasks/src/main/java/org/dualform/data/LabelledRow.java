package org.dualform.data;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One labelled example.
 *
 * @param id the split and the row's position in the file, from 0, such as {@code train/17}
 * @param fields the texts by the fields' names, such as {@code text}, or {@code premise} and {@code hypothesis}
 * @param label the label's index in the data set
 * @param place the file and line, for messages
 */
public record LabelledRow(String id, Map<String, String> fields, int label, String place) {
    public LabelledRow {
        fields = Map.copyOf(fields);
    }

    /** The field's text, or null if this row has no such field. */
    public @Nullable String field(String name) {
        return fields.get(name);
    }
}
