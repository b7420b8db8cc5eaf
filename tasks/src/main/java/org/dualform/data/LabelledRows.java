package org.dualform.data;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.dualform.data.file.LabelNames;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/** Finds the index of each row's label. */
record LabelledRows(LabelNames labels, Remarks remarks) {
    List<LabelledRow> of(String split, List<RawRow> rows) {
        List<LabelledRow> labelled = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            RawRow row = rows.get(i);
            OptionalInt label = labels.indexOf(row);
            if (label.isPresent())
                labelled.add(new LabelledRow(split + "/" + i, row.fields(), label.getAsInt(), row.place()));
            else
                remarks.mistake(row.place() + ": the label '" + row.label() + "' is not one of the data set's ("
                        + labels.listed() + ").");
        }
        return labelled;
    }
}
