package org.dualform.report;

import java.util.List;
import org.dualform.momentum.result.StudyFindings;
import org.dualform.momentum.result.StudyTable;
import org.dualform.momentum.result.TableText;
import org.dualform.report.plot.Figure;

/** The report of a study of momentum: what was found and what was not shown, then tables and curves. */
public record MomentumReport(StudyFindings findings, List<Figure> figures) {
    private static final String SEEDS =
            "An interval over a few seeds is wide: \"no effect that can be told from 0\" does"
                    + " not mean that there is none. Of many variants, about one in twenty is better or worse by chance.";
    private static final String MODELS = "The models are small and trained for a short time on a generated corpus. The"
            + " paper (Dai et al. 2022, arXiv:2212.10559) trained two models of 350 M parameters on text: perplexity"
            + " 15.14 without and 15.02 with momentum at 1,024 tokens, accuracy 51.9 and 54.7 %. This study neither"
            + " repeats nor refutes that.";

    public MomentumReport {
        figures = List.copyOf(figures);
    }

    /** One HTML file that needs nothing else. */
    public String html() {
        HtmlPage page = new HtmlPage("Momentum attention beside plain attention");
        page.element("p class=\"about\"", findings.about());
        page.open("div class=\"answers\"");
        card(page, "What was found", List.of(findings.sentence()));
        card(page, "What was not shown", List.of(SEEDS, MODELS));
        page.close("div");
        if (!findings.leftOut().isEmpty()) {
            page.open("div class=\"missing\"");
            page.element("h2", "Left out");
            page.list("", findings.leftOut());
            page.close("div");
        }
        for (StudyTable table : findings.tables()) {
            page.element("h2", table.quantity().title());
            page.table(TableText.head(table), TableText.lines(table), 1);
            page.element("p class=\"note\"", table.quantity().note() + " " + TableText.BRACKETS);
        }
        page.element("h2", "Curves");
        page.open("div class=\"figures\"");
        figures.forEach(page::figure);
        page.close("div");
        page.element("p class=\"note\"", "Every number is in measurements.json, and report.md has the same tables.");
        return page.end();
    }

    private static void card(HtmlPage page, String title, List<String> lines) {
        page.open("div class=\"answer\"");
        page.element("h2", title);
        lines.forEach(line -> page.element("p", line));
        page.close("div");
    }
}
