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
    /** Columns of the keys of a results table: data set and shots. */
    private static final int KEYS = 2;

    private final int width;
    private final StringBuilder out = new StringBuilder();

    private TextReport(int width) {
        this.width = width;
    }

    /** @param width the most columns that a line takes */
    static String of(Results results, List<Panel> panels, int width) {
        return new TextReport(width).text(results, panels);
    }

    /** A sentence in lines that fit; ends with a newline. */
    static String wrapped(String text, int width) {
        TextReport report = new TextReport(width);
        report.appendWrapped("", "", text);
        return report.out.toString();
    }

    private String text(Results results, List<Panel> panels) {
        Finding.of(results, panels).forEach(this::append);
        append(ResultsTable.main(panels));
        ResultsTable controls = ResultsTable.controls(panels, false);
        if (!controls.lines().isEmpty()) {
            out.append("\nControls, at the largest shot count\n");
            append(controls);
        }
        ControlsTable alike = ControlsTable.of(panels);
        if (!alike.lines().isEmpty()) {
            out.append("\nHow alike, at the largest shot count, beside what each value is compared with\n");
            new TextTable(ControlsTable.TEXT_COLUMNS, ControlsTable.TEXT_COLUMNS, width)
                    .append(out, alike.head(), alike.lines());
        }
        appendWrapped("", "", ResultsTable.LEGEND);
        List<String> remarks = new ArrayList<>();
        Shortfalls.of(results).forEach(shortfall -> remarks.add(shortfall.sentence()));
        remarks.addAll(Undefined.of(panels));
        remarks.addAll(Caveats.of(results));
        if (!remarks.isEmpty()) out.append('\n');
        for (String remark : remarks) appendWrapped("- ", "  ", remark);
        return out.toString();
    }

    private void append(ResultsTable table) {
        new TextTable(ResultsTable.TEXT_COLUMNS, KEYS, width).append(out, table.head(), table.lines());
    }

    private void append(Finding finding) {
        String head = finding.dataset() + ": " + finding.word().toUpperCase(Locale.ROOT) + ". ";
        appendWrapped("", "  ", head + finding.claim());
        if (!finding.cost().isEmpty()) appendWrapped("  ", "  ", finding.cost());
        if (!finding.alike().isEmpty()) appendWrapped("  ", "  ", finding.alike());
        finding.cautions().forEach(caution -> appendWrapped("  ", "  ", caution));
        out.append('\n');
    }

    private void appendWrapped(String first, String next, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean begun = false;
        for (String word : TextTable.printable(text).split(" ", -1)) {
            if (begun && TextTable.width(line.toString()) + 1 + TextTable.width(word) > width) {
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
