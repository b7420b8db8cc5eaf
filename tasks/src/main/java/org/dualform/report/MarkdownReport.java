package org.dualform.report;

import java.util.List;
import java.util.Map;
import org.dualform.report.panel.MarkdownTable;
import org.dualform.report.panel.Panel;
import org.dualform.report.words.Caveats;
import org.dualform.report.words.Finding;
import org.dualform.report.words.Shortfalls;
import org.dualform.report.words.Undefined;
import org.dualform.score.result.Results;

/** Results for a note that renders Markdown. */
final class MarkdownReport {
    private MarkdownReport() {}

    static String of(Results results, List<Panel> panels, Map<String, String> links) {
        StringBuilder out = new StringBuilder();
        List<Shortfalls.Shortfall> shortfalls = Shortfalls.of(results);
        if (!shortfalls.isEmpty()) {
            out.append("**Not everything is there:**\n\n");
            shortfalls.forEach(shortfall -> appendItem(out, shortfall.sentence()));
            out.append('\n');
        }
        Finding.of(results, panels).forEach(finding -> append(out, finding));
        out.append('\n');
        if (!links.isEmpty()) {
            out.append(String.join(
                            " · ",
                            links.entrySet().stream()
                                    .map(link -> "[" + escaped(link.getKey()) + "](<" + address(link.getValue()) + ">)")
                                    .toList()))
                    .append("\n\n");
        }
        ResultsTable main = ResultsTable.main(panels);
        appendTable(out, main.head(), main.lines());
        ResultsTable controls = ResultsTable.controls(panels, false);
        if (!controls.lines().isEmpty()) {
            out.append("\nControls, at the largest shot count:\n\n");
            appendTable(out, controls.head(), controls.lines());
        }
        ControlsTable alike = ControlsTable.of(panels);
        if (!alike.lines().isEmpty()) {
            out.append("\nHow alike, at the largest shot count, beside what each value is compared with:\n\n");
            appendTable(out, alike.head(), alike.lines());
        }
        out.append('\n').append(escaped(ResultsTable.LEGEND)).append("\n\n");
        Undefined.of(panels).forEach(sentence -> appendItem(out, sentence));
        Caveats.of(results).forEach(caveat -> appendItem(out, caveat));
        return out.toString();
    }

    private static void appendTable(StringBuilder out, List<String> head, List<List<String>> lines) {
        MarkdownTable table = new MarkdownTable(ResultsTable.TEXT_COLUMNS, head);
        lines.forEach(table::add);
        out.append(table);
    }

    private static void append(StringBuilder out, Finding finding) {
        out.append("- **")
                .append(escaped(finding.dataset() + ": " + finding.word()))
                .append(".** ")
                .append(escaped(finding.body()))
                .append('\n');
    }

    private static void appendItem(StringBuilder out, String text) {
        out.append("- ").append(escaped(text)).append('\n');
    }

    private static String escaped(String text) {
        return MarkdownTable.escaped(text);
    }

    private static String address(String url) {
        return url.replace("<", "%3C").replace(">", "%3E").replace("\n", "").replace(" ", "%20");
    }
}
