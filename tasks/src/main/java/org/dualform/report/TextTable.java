package org.dualform.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table with aligned columns for a terminal. One that is too wide is split into several, one below the other, which
 * repeat the first columns. Names come from files: no control character gets through.
 */
final class TextTable {
    private static final String GAP = "  ";
    /** A name is not cut below this. */
    private static final int SHORTEST = 8;

    private final int textColumns;
    private final int keys;
    private final int width;

    /**
     * @param textColumns how many of the first columns are text
     * @param keys how many of the first columns say what a line is about
     * @param width the most columns of the terminal that a line may take
     */
    TextTable(int textColumns, int keys, int width) {
        this.textColumns = textColumns;
        this.keys = keys;
        this.width = width;
    }

    void append(StringBuilder out, List<String> head, List<List<String>> body) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(printable(head));
        body.forEach(line -> lines.add(printable(line)));
        int[] widths = widths(lines);
        shorten(lines, widths);
        int from = keys;
        while (from < widths.length || from == keys) {
            int to = end(widths, from);
            List<Integer> columns = new ArrayList<>();
            for (int i = 0; i < keys; i++) columns.add(i);
            for (int i = from; i < to; i++) columns.add(i);
            if (from > keys) out.append("\nThe same lines, further columns\n");
            append(out, lines, widths, columns);
            if (to == widths.length) return;
            from = to;
        }
    }

    /** The first column that does not fit beside the keys and those from {@code from}; at least one does. */
    private int end(int[] widths, int from) {
        int taken = taken(widths);
        int to = from;
        while (to < widths.length && (to == from || taken + GAP.length() + widths[to] <= width)) {
            taken += GAP.length() + widths[to];
            to++;
        }
        return to;
    }

    private int taken(int[] widths) {
        int taken = 0;
        for (int i = 0; i < keys; i++) taken += (i == 0 ? 0 : GAP.length()) + widths[i];
        return taken;
    }

    /** Cuts the names in the first column if the widest other column would not fit beside them. */
    private void shorten(List<List<String>> lines, int[] widths) {
        int widest = 0;
        for (int i = keys; i < widths.length; i++) widest = Math.max(widest, widths[i]);
        int over = taken(widths) + GAP.length() + widest - width;
        int most = Math.max(SHORTEST, widths[0] - over);
        if (over <= 0 || most >= widths[0]) return;
        for (List<String> line : lines) line.set(0, cut(line.get(0), most));
        widths[0] = most;
    }

    /** Keeps the beginning and the end: a control stands at the end of a name. */
    private static String cut(String text, int most) {
        int length = width(text);
        if (length <= most) return text;
        int tail = (most - 1) / 2;
        return text.substring(0, text.offsetByCodePoints(0, most - 1 - tail)) + "…"
                + text.substring(text.offsetByCodePoints(0, length - tail));
    }

    private static int[] widths(List<List<String>> lines) {
        int[] widths = new int[lines.get(0).size()];
        for (List<String> line : lines)
            for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], width(line.get(i)));
        return widths;
    }

    private void append(StringBuilder out, List<List<String>> lines, int[] widths, List<Integer> columns) {
        appendLine(out, lines.get(0), widths, columns);
        out.append(String.join(
                        GAP, columns.stream().map(i -> "─".repeat(widths[i])).toList()))
                .append('\n');
        for (List<String> line : lines.subList(1, lines.size())) appendLine(out, line, widths, columns);
    }

    private void appendLine(StringBuilder out, List<String> line, int[] widths, List<Integer> columns) {
        List<String> cells = new ArrayList<>();
        for (int i : columns) {
            String cell = line.get(i);
            String padding = " ".repeat(widths[i] - width(cell));
            cells.add(i < textColumns ? cell + padding : padding + cell);
        }
        out.append(String.join(GAP, cells).stripTrailing()).append('\n');
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static List<String> printable(List<String> line) {
        return new ArrayList<>(line.stream().map(TextTable::printable).toList());
    }
}
