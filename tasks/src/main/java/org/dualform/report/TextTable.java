package org.dualform.report;

import java.util.ArrayList;
import java.util.List;

/** A table with aligned columns for a terminal. Names come from files: no control character gets through. */
final class TextTable {
    private TextTable() {}

    /** @param textColumns how many of the first columns are text */
    static void append(StringBuilder out, List<String> head, List<List<String>> body, int textColumns) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(head);
        lines.addAll(body);
        int[] widths = new int[head.size()];
        for (List<String> line : lines)
            for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], width(printable(line.get(i))));
        appendLine(out, head, widths, textColumns);
        for (int i = 0; i < widths.length; i++) out.append(i == 0 ? "" : "  ").append("─".repeat(widths[i]));
        out.append('\n');
        for (List<String> line : body) appendLine(out, line, widths, textColumns);
    }

    private static void appendLine(StringBuilder out, List<String> line, int[] widths, int textColumns) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = printable(line.get(i));
            String padding = " ".repeat(widths[i] - width(cell));
            if (i > 0) text.append("  ");
            text.append(i < textColumns ? cell + padding : padding + cell);
        }
        out.append(text.toString().stripTrailing()).append('\n');
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
