package org.dualform.momentum.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The cells of a table as people read them. */
public final class TableText {
    /** What stands in a cell's brackets. */
    public static final String BRACKETS =
            "In brackets: the difference from vanilla, paired by seed, and its 95 % interval by Student's t.";

    private TableText() {}

    /** The names of the columns. */
    public static List<String> head(StudyTable table) {
        List<String> head = new ArrayList<>(List.of("model", "seeds"));
        table.columns().forEach(column -> head.add(column + table.quantity().unit()));
        return head;
    }

    /** A line for each model. */
    public static List<List<String>> lines(StudyTable table) {
        return table.rows().stream().map(row -> line(table, row)).toList();
    }

    private static List<String> line(StudyTable table, StudyTable.Row row) {
        List<String> line = new ArrayList<>(List.of(row.arm(), Integer.toString(row.seeds())));
        row.cells().forEach(cell -> line.add(cell(table.quantity(), cell)));
        while (line.size() < 2 + table.columns().size()) line.add("–");
        return line;
    }

    private static String cell(StudyTable.Quantity quantity, Cell cell) {
        String mean = number(quantity, "%", cell.mean());
        @Nullable PairedInterval d = cell.difference();
        if (d == null) return mean;
        return mean + " (" + number(quantity, "%+", d.mean()) + " [" + number(quantity, "%+", d.low()) + ", "
                + number(quantity, "%+", d.high()) + "])";
    }

    private static String number(StudyTable.Quantity quantity, String start, double value) {
        return String.format(Locale.ROOT, quantity.format().replace("%", start), quantity.factor() * value);
    }
}
