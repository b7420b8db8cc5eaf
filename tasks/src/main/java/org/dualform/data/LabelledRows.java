package org.dualform.data;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Gives raw rows their label's index. */
record LabelledRows(LabelNames labels, List<String> mistakes) {
    List<Row> of(String split, List<RawRow> rows) {
        List<Row> labelled = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            RawRow row = rows.get(i);
            OptionalInt label = labels.indexOf(row);
            if (label.isPresent()) labelled.add(new Row(split + "/" + i, row.fields(), label.getAsInt(), row.place()));
            else
                mistakes.add(row.place() + ": the label '" + row.label() + "' is not one of the data set's ("
                        + labels.listed() + ").");
        }
        return labelled;
    }
}
