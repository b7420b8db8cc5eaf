package org.dualform.report.panel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table in Markdown: text to the left, numbers to the right. */
public final class MarkdownTable {
    private static final Pattern MARKUP = Pattern.compile("([\\\\`*_{}\\[\\]#|~!])");

    private final StringBuilder out = new StringBuilder();
    private final List<List<String>> lines = new ArrayList<>();

    /** @param textColumns how many of the first columns are text */
    public MarkdownTable(int textColumns, List<String> head) {
        appendLine(head);
        out.append('|')
                .append(":--|".repeat(textColumns))
                .append("--:|".repeat(head.size() - textColumns))
                .append('\n');
    }

    public void add(List<String> line) {
        lines.add(List.copyOf(line));
        appendLine(line);
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Text in which nothing is taken for markup. */
    public static String escaped(String text) {
        String plain = text.replaceAll("\\s+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return MARKUP.matcher(plain).replaceAll("\\\\$1");
    }

    private void appendLine(List<String> cells) {
        out.append("| ")
                .append(String.join(
                        " | ", cells.stream().map(MarkdownTable::escaped).toList()))
                .append(" |\n");
    }

    /** The whole table; ends with a newline. */
    @Override
    public String toString() {
        return out.toString();
    }
}
