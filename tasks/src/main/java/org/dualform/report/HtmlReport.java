package org.dualform.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.dualform.score.Results;
import org.dualform.score.Row;
import org.owasp.encoder.Encode;

/** Results as one HTML file that needs nothing else. */
final class HtmlReport {
    private static final String STYLE = """
            :root { color-scheme: light; }
            body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
            .about { color: #555; margin-top: 0; }
            .missing { border-left: 4px solid #b00020; background: #fdf0f1; padding: .6rem 1rem; }
            .missing h2 { margin: 0; }
            .figures { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; flex: 1 1 26rem; max-width: 40rem; }
            figcaption { font-weight: 600; } img { width: 100%; height: auto; }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
            th, td { padding: .25rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #ddd; }
            th { border-bottom: 2px solid #888; } .left { text-align: left; } td.wrap { white-space: normal; text-align: left; }
            details { margin-top: 1rem; } summary { cursor: pointer; font-weight: 600; }
            pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: .85rem; }
            @media print { details > * { display: block; } }
            """;

    private final Results results;
    private final List<Panel> panels;
    private final StringBuilder out = new StringBuilder();

    private HtmlReport(Results results, List<Panel> panels) {
        this.results = results;
        this.panels = panels;
    }

    static String of(Results results, List<Panel> panels) {
        HtmlReport report = new HtmlReport(results, panels);
        report.page();
        return report.out.toString();
    }

    private void page() {
        String model = results.rows().isEmpty() ? "" : results.rows().get(0).model();
        String title = "Prompt or fine-tune: " + model;
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src"
                + " 'unsafe-inline'\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        element("title", title);
        out.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n");
        element("h1", title);
        out.append("<p class=\"about\">").append(escaped(about())).append("</p>\n");
        shortfalls();
        list(
                "Findings",
                panels.stream().flatMap(panel -> Findings.of(panel).stream()).toList());
        figures();
        resultsTable();
        list("How to read these numbers", Caveats.of(results));
        cells();
        json("Experiment", results.spec());
        json("Provenance", results.provenance());
        out.append("</body>\n</html>\n");
    }

    private String about() {
        String when = results.provenance().path("times").path("summarised").asText("");
        long cells = results.rows().stream().map(Row::cell).distinct().count();
        return cells + (cells == 1 ? " cell" : " cells") + (when.isEmpty() ? "" : ", summarised " + when)
                + ". ZSL: zero-shot. ICL: demonstrations in the prompt. FT: fine-tuning on the same demonstrations.";
    }

    private void shortfalls() {
        List<Shortfalls.Shortfall> shortfalls = Shortfalls.of(results);
        if (shortfalls.isEmpty()) return;
        out.append("<section class=\"missing\">\n");
        list(
                "Not everything is there",
                shortfalls.stream().map(Shortfalls.Shortfall::sentence).toList());
        out.append("</section>\n");
    }

    private void figures() {
        element("h2", "Accuracy against demonstrations");
        out.append("<div class=\"figures\">\n");
        for (Panel panel : panels) {
            out.append("<figure>\n<figcaption>").append(escaped(panel.title())).append("</figcaption>\n");
            if (panel.curves().isEmpty()) {
                element("p", "No cell of this data set has a value.");
            } else {
                Optional<byte[]> svg = Report.drawn(() -> ShotCurves.svg(panel));
                if (svg.isPresent()) image(panel, svg.get());
                else
                    element(
                            "p",
                            "The figure could not be drawn on the machine that made this report; the table below has its numbers.");
            }
            out.append("</figure>\n");
        }
        out.append("</div>\n<p>Bands are 95 % intervals. Shot counts are evenly spaced.</p>\n");
    }

    private void image(Panel panel, byte[] svg) {
        String curves =
                String.join(", ", panel.curves().stream().map(Curve::plainName).toList());
        out.append("<img alt=\"")
                .append(escaped("Accuracy of " + curves + " on " + panel.title()
                        + " against the number of demonstrations; the numbers are in the table below"))
                .append("\" width=\"640\" height=\"400\" src=\"data:image/svg+xml;base64,")
                .append(Base64.getEncoder().encodeToString(svg))
                .append("\">\n");
    }

    private void resultsTable() {
        element("h2", "Results");
        ResultsTable table = ResultsTable.of(results);
        table(table.head(), table.lines());
        element("p", "Accuracy in %, in brackets its 95 % interval; ICL − FT in percentage points; n: evaluated rows.");
    }

    /** Every cell and shot count by itself, folded away. */
    private void cells() {
        out.append("<details>\n<summary>Every cell</summary>\n");
        List<List<String>> lines = results.rows().stream().map(HtmlReport::line).toList();
        table(
                List.of("cell", "shots", "true shots", "context tokens", "learning rate", "ZSL", "ICL", "FT", "status"),
                lines);
        out.append("</details>\n");
    }

    private static List<String> line(Row row) {
        return List.of(
                row.cell(),
                Integer.toString(row.shots()),
                row.trueShots() == null ? Numbers.NONE : row.trueShots().toString(),
                row.contextTokens() == null ? Numbers.NONE : row.contextTokens().toString(),
                row.learningRate() == null ? Numbers.NONE : row.learningRate().toString(),
                Numbers.share(row.metrics().get(Curve.ZSL.metric())),
                Numbers.share(row.metrics().get(Curve.ICL.metric())),
                Numbers.share(row.metrics().get(Curve.FT.metric())),
                row.status().name().toLowerCase(java.util.Locale.ROOT)
                        + (row.reason() == null ? "" : ": " + row.reason()));
    }

    private void table(List<String> head, List<List<String>> lines) {
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (int i = 0; i < head.size(); i++)
            out.append(i == 0 ? "<th scope=\"col\" class=\"left\">" : "<th scope=\"col\">")
                    .append(escaped(head.get(i)))
                    .append("</th>");
        out.append("</tr></thead>\n<tbody>\n");
        for (List<String> line : lines) {
            out.append("<tr>");
            for (int i = 0; i < line.size(); i++)
                out.append(i == 0 ? "<td class=\"left\">" : "<td>")
                        .append(escaped(line.get(i)))
                        .append("</td>");
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table></div>\n");
    }

    private void list(String title, List<String> items) {
        if (items.isEmpty()) return;
        element("h2", title);
        out.append("<ul>\n");
        items.forEach(item -> element("li", item));
        out.append("</ul>\n");
    }

    private void json(String title, JsonNode node) {
        out.append("<details>\n<summary>").append(escaped(title)).append("</summary>\n<pre>");
        out.append(escaped(node.toPrettyString())).append("</pre>\n</details>\n");
    }

    private void element(String tag, String text) {
        out.append('<')
                .append(tag)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(tag)
                .append(">\n");
    }

    private static String escaped(String text) {
        return Encode.forHtml(text);
    }
}
