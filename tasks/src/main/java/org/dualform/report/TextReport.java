package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import org.dualform.score.Results;

/** Results for a terminal. */
final class TextReport {
    private TextReport() {}

    static String of(Results results, List<Panel> panels) {
        StringBuilder out = new StringBuilder();
        appendTable(out, ResultsTable.of(results));
        out.append("Accuracy in %, in brackets its 95 % interval; n: evaluated rows.\n");
        List<String> remarks = new ArrayList<>();
        Shortfalls.of(results).forEach(shortfall -> remarks.add(shortfall.sentence()));
        panels.forEach(panel -> remarks.addAll(Findings.of(panel)));
        remarks.addAll(Caveats.of(results));
        if (!remarks.isEmpty()) out.append('\n');
        for (String remark : remarks) out.append("- ").append(printable(remark)).append('\n');
        return out.toString();
    }

    private static void appendTable(StringBuilder out, ResultsTable table) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.head());
        lines.addAll(table.lines());
        int[] widths = new int[table.head().size()];
        for (List<String> line : lines)
            for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], width(printable(line.get(i))));
        appendLine(out, table.head(), widths);
        for (int i = 0; i < widths.length; i++) out.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        out.append('\n');
        for (List<String> line : table.lines()) appendLine(out, line, widths);
    }

    private static void appendLine(StringBuilder out, List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = printable(line.get(i));
            String padding = " ".repeat(widths[i] - width(cell));
            if (i > 0) text.append("  ");
            text.append(i < ResultsTable.TEXT_COLUMNS ? cell + padding : padding + cell);
        }
        out.append(text.toString().stripTrailing()).append('\n');
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Names come from files: no control character reaches the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
