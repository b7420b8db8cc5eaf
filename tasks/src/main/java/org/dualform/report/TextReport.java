package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dualform.report.panel.Panel;
import org.dualform.report.words.Caveats;
import org.dualform.report.words.Finding;
import org.dualform.report.words.Shortfalls;
import org.dualform.report.words.Undefined;
import org.dualform.score.result.Results;

/** Results for a terminal. */
final class TextReport {
    private static final int WIDTH = 118;

    private TextReport() {}

    static String of(Results results, List<Panel> panels) {
        StringBuilder out = new StringBuilder();
        Finding.of(results, panels).forEach(finding -> append(out, finding));
        append(out, ResultsTable.main(panels));
        ResultsTable controls = ResultsTable.controls(panels, false);
        if (!controls.lines().isEmpty()) {
            out.append("\nControls, at the largest shot count\n");
            append(out, controls);
        }
        ControlsTable alike = ControlsTable.of(panels);
        if (!alike.lines().isEmpty()) {
            out.append("\nHow alike, at the largest shot count, beside what each value is compared with\n");
            TextTable.append(out, alike.head(), alike.lines(), ControlsTable.TEXT_COLUMNS);
        }
        appendWrapped(out, "", "", ResultsTable.LEGEND);
        List<String> remarks = new ArrayList<>();
        Shortfalls.of(results).forEach(shortfall -> remarks.add(shortfall.sentence()));
        remarks.addAll(Undefined.of(panels));
        remarks.addAll(Caveats.of(results));
        if (!remarks.isEmpty()) out.append('\n');
        for (String remark : remarks) appendWrapped(out, "- ", "  ", remark);
        return out.toString();
    }

    private static void append(StringBuilder out, ResultsTable table) {
        TextTable.append(out, table.head(), table.lines(), ResultsTable.TEXT_COLUMNS);
    }

    private static void append(StringBuilder out, Finding finding) {
        String head = finding.dataset() + ": " + finding.word().toUpperCase(Locale.ROOT) + ". ";
        appendWrapped(out, "", "  ", head + finding.claim());
        if (!finding.cost().isEmpty()) appendWrapped(out, "  ", "  ", finding.cost());
        if (!finding.alike().isEmpty()) appendWrapped(out, "  ", "  ", finding.alike());
        finding.cautions().forEach(caution -> appendWrapped(out, "  ", "  ", caution));
        out.append('\n');
    }

    private static void appendWrapped(StringBuilder out, String first, String next, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean begun = false;
        for (String word : TextTable.printable(text).split(" ", -1)) {
            if (begun && TextTable.width(line.toString()) + 1 + TextTable.width(word) > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder(next);
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
            begun = true;
        }
        out.append(line).append('\n');
    }
}
