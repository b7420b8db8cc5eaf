package org.dualform.data.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dualform.data.file.RawRow;
import org.dualform.data.file.Remarks;

/**
 * Rows with a header. The column {@code label} holds the label; every other column is a field. The first column may be
 * without a name if it holds row numbers, as pandas writes them; it is not used.
 */
final class Table {
    private static final String LABEL = "label";
    private static final Pattern INTEGER = Pattern.compile("\\d{1,9}");

    private final String file;
    private final List<String> header;
    private final Remarks remarks;
    private final List<RawRow> rows = new ArrayList<>();
    private final boolean numbered;
    private final boolean right;
    private boolean numbersTold;

    /** @param header the values of the first line; empty if the file is */
    Table(String file, List<String> header, Remarks remarks) {
        this.file = file;
        this.header = header.stream().map(String::strip).toList();
        this.remarks = remarks;
        this.right = check();
        this.numbered = right && this.header.get(0).isEmpty();
    }

    /** Whether rows can be read under this header. Otherwise the mistakes have been told. */
    boolean isRight() {
        return right;
    }

    private boolean check() {
        if (header.isEmpty()) {
            remarks.mistake(
                    file + ": the file is empty; its first line has to name the columns, one of them '" + LABEL + "'.");
            return false;
        }
        boolean sound = true;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i);
            if (name.isEmpty() && i > 0) {
                remarks.mistake(file + ":1: column " + (i + 1) + " has no name; name it, or remove the column.");
                sound = false;
            } else if (!seen.add(name)) {
                remarks.mistake(
                        file + ":1: two columns have the name '" + name + "'; give each column a name of its own.");
                sound = false;
            }
        }
        if (seen.contains(LABEL)) return sound;
        remarks.mistake(file + ":1: the header has no column '" + LABEL + "'; it has " + String.join(", ", header)
                + ". Rename the column that holds the labels.");
        return false;
    }

    /** @param place the file and line on which the row begins */
    void add(List<String> values, String place) {
        if (values.size() == 1 && values.get(0).isBlank()) {
            remarks.mistake(place + ": an empty line; remove it.");
            return;
        }
        if (values.size() != header.size()) {
            remarks.mistake(place + ": " + values.size() + " values where the header has " + header.size() + ".");
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) fields.put(header.get(i), values.get(i));
        if (numbered) dropNumber(String.valueOf(fields.remove("")), place);
        String label = String.valueOf(fields.remove(LABEL)).trim();
        if (label.isEmpty()) remarks.mistake(place + ": the field '" + LABEL + "' is missing.");
        else rows.add(new RawRow(fields, label, INTEGER.matcher(label).matches(), place));
    }

    private void dropNumber(String value, String place) {
        if (INTEGER.matcher(value).matches() || numbersTold) return;
        numbersTold = true;
        remarks.mistake(place + ": the first column has no name in the header, and holds '" + value
                + "', which is no row number; name the column, or remove it.");
    }

    /** The rows that were right. */
    List<RawRow> rows() {
        if (numbered && !numbersTold)
            remarks.note(file + ": the first column has no name and is not used; it holds row numbers, as pandas writes"
                    + " them unless told index=False.");
        return rows;
    }
}
