package org.dualform.momentum;

import java.util.List;
import org.dualform.momentum.result.StudyFindings;
import org.dualform.momentum.result.StudyTable;
import org.dualform.momentum.result.TableText;

/** Writes what a study found as Markdown. */
final class StudyMarkdown {
    private StudyMarkdown() {}

    static String of(StudyFindings found) {
        StringBuilder out = new StringBuilder(found.sentence()).append("\n");
        for (StudyTable table : found.tables()) {
            out.append("\n### ").append(table.quantity().title()).append("\n\n");
            List<String> head = TableText.head(table);
            line(out, head);
            out.append("|").append("---|".repeat(head.size())).append("\n");
            TableText.lines(table).forEach(row -> line(out, row));
            out.append("\n")
                    .append(TableText.BRACKETS)
                    .append("\n\n")
                    .append(table.quantity().note())
                    .append("\n");
        }
        if (!found.leftOut().isEmpty()) {
            out.append("\nLeft out:\n");
            found.leftOut().forEach(one -> out.append("- ").append(one).append("\n"));
        }
        return out.toString();
    }

    private static void line(StringBuilder out, List<String> cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
