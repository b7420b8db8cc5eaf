package org.dualform.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Evidence;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.report.plot.AccuracyFigures;
import org.dualform.report.plot.AgreementFigures;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.LayerFigures;
import org.dualform.report.plot.ShotCurves;
import org.dualform.report.words.Caveats;
import org.dualform.report.words.ClaimText;
import org.dualform.report.words.Finding;
import org.dualform.report.words.Reasons;
import org.dualform.report.words.Shortfalls;
import org.dualform.report.words.Undefined;
import org.dualform.score.result.ResultRow;
import org.dualform.score.result.Results;

/** Results as one HTML file; the answer is its first screen. */
final class HtmlReport {
    private final Results results;
    private final Evidence evidence;
    private final List<Panel> panels;
    private final List<Panel> main;
    private final HtmlPage page;

    private HtmlReport(Results results, Evidence evidence, List<Panel> panels) {
        this.results = results;
        this.evidence = evidence;
        this.panels = panels;
        this.main = panels.stream().filter(Panel::isMain).toList();
        String model = results.rows().isEmpty() ? "" : results.rows().get(0).model();
        this.page = new HtmlPage("Prompt or fine-tune " + model + "?");
    }

    static String of(Results results, Evidence evidence, List<Panel> panels) {
        HtmlReport report = new HtmlReport(results, evidence, panels);
        report.firstScreen();
        report.resultsTable();
        report.figures();
        report.controls();
        report.cells();
        report.page.json("Experiment", results.spec());
        report.page.json("Provenance", results.provenance());
        return report.page.end();
    }

    private void firstScreen() {
        page.element("p class=\"about\"", about());
        shortfalls();
        page.open("section class=\"answers\"");
        for (Finding finding : Finding.of(results, panels)) answer(finding);
        page.close("section");
        page.list(" class=\"care\"", Caveats.of(results));
    }

    private void answer(Finding finding) {
        page.open("article class=\"answer " + finding.verdict().name().toLowerCase(Locale.ROOT) + "\"");
        page.open("h2");
        page.element("span", finding.dataset());
        page.element("span class=\"word\"", finding.word());
        page.close("h2");
        page.element("p class=\"claim\"", finding.claim());
        finding.cautions().forEach(caution -> page.element("p class=\"caution\"", caution));
        if (!finding.cost().isEmpty()) page.element("p", finding.cost());
        if (!finding.alike().isEmpty()) page.element("p", finding.alike());
        page.close("article");
    }

    private String about() {
        // To the minute: 2026-01-05T09:31:00Z.
        String time = results.provenance().path("times").path("summarised").asText("");
        String when = time.length() < 16 ? time : time.substring(0, 16).replace('T', ' ') + " UTC";
        long cells = results.rows().stream().map(ResultRow::cell).distinct().count();
        return cells + (cells == 1 ? " cell" : " cells") + (when.isEmpty() ? "" : ", summarised " + when)
                + ". In brackets: 95 % intervals.";
    }

    private void shortfalls() {
        List<Shortfalls.Shortfall> shortfalls = Shortfalls.of(results);
        if (shortfalls.isEmpty()) return;
        page.open("section class=\"missing\"");
        page.element("h2", "Not everything is there");
        page.list("", shortfalls.stream().map(Shortfalls.Shortfall::sentence).toList());
        page.close("section");
    }

    private void resultsTable() {
        page.element("h2", "Results");
        ResultsTable table = ResultsTable.main(panels);
        page.table(table.head(), table.lines(), ResultsTable.TEXT_COLUMNS);
        page.element("p class=\"note\"", ResultsTable.LEGEND);
        List<String> undefined = Undefined.of(panels);
        if (!undefined.isEmpty()) page.list(" class=\"note\"", undefined);
        ResultsTable controls = ResultsTable.controls(panels, true);
        if (controls.lines().isEmpty()) return;
        page.open("details");
        page.element("summary", "Results of the controls");
        page.table(controls.head(), controls.lines(), ResultsTable.TEXT_COLUMNS);
        page.close("details");
    }

    private void figures() {
        page.element("h2", "Accuracy against demonstrations");
        shotCurves(main);
        page.element(
                "p class=\"note\"",
                "Bands hold at all shot counts of a curve at once with 95 % (the table's intervals hold one by one). Shot"
                        + " counts are evenly spaced.");
        section("Accuracy against cost", each(main, AccuracyFigures::cost));
        section(
                "Who agrees with whom",
                each(results.answers(), answer -> AgreementFigures.of(answer, results, evidence)));
        section("Accuracy against wrong labels", each(main, p -> AccuracyFigures.flips(p.dataset(), panels)));
        section("Similarity by layer", each(main, p -> LayerFigures.boxes(p.dataset(), evidence)));
        section(
                "Layers and data sets",
                LayerFigures.heatMaps(main.stream().map(Panel::dataset).toList(), evidence));
        List<Panel> controls = panels.stream().filter(p -> !p.isMain()).toList();
        if (controls.isEmpty()) return;
        page.open("details");
        page.element("summary", "Shot curves of the controls");
        shotCurves(controls);
        page.close("details");
    }

    private static <T> List<Figure> each(List<T> of, Function<T, Optional<Figure>> figure) {
        return of.stream().map(figure).flatMap(Optional::stream).toList();
    }

    private void section(String title, List<Figure> figures) {
        if (figures.isEmpty()) return;
        page.element("h2", title);
        page.open("div class=\"figures\"");
        figures.forEach(page::figure);
        page.close("div");
    }

    private void shotCurves(List<Panel> of) {
        page.open("div class=\"figures\"");
        for (Panel panel : of) {
            page.open("figure");
            page.element("figcaption", panel.title() + nOf(panel));
            if (panel.curves().isEmpty()) {
                page.element("p", "No cell of this data set has a value.");
            } else {
                Optional<byte[]> svg = Report.drawn(() -> ShotCurves.svg(panel));
                if (svg.isPresent()) image(panel, svg.get());
                else
                    page.element(
                            "p",
                            "The figure could not be drawn on the machine that made this report; the table above has its numbers.");
            }
            page.close("figure");
        }
        page.close("div");
    }

    private static String nOf(Panel panel) {
        return panel.points().stream()
                .map(point -> point.metric(Curve.ICL.metric()))
                .filter(Numbers::hasValue)
                .findFirst()
                .map(metric -> ", n = " + ClaimText.cases(metric, panel))
                .orElse("");
    }

    private void image(Panel panel, byte[] svg) {
        String curves =
                String.join(", ", panel.curves().stream().map(Curve::plainName).toList());
        page.image(
                "Accuracy of " + curves + " on " + panel.title()
                        + " against the number of demonstrations; the numbers are in the table above",
                ShotCurves.WIDTH,
                ShotCurves.HEIGHT,
                svg);
    }

    private void controls() {
        ControlsTable table = ControlsTable.of(panels);
        if (table.lines().isEmpty()) return;
        page.element("h2", "Similarities beside their controls");
        page.table(table.head(), table.lines(), 3);
        page.element(
                "p class=\"note\"",
                "A similarity means something only above what it is without its cause. Another order: prompting compared"
                        + " with prompting, so about the most that can be expected.");
    }

    /** Every cell and shot count by itself, folded away. */
    private void cells() {
        page.open("details");
        page.element("summary", "Every cell");
        page.table(
                List.of("cell", "shots", "true shots", "context tokens", "learning rate", "ZSL", "ICL", "FT", "status"),
                results.rows().stream().map(HtmlReport::line).toList(),
                1);
        page.close("details");
    }

    private static List<String> line(ResultRow row) {
        return List.of(
                row.cell(),
                Integer.toString(row.shots()),
                row.trueShots() == null ? Numbers.NONE : row.trueShots().toString(),
                row.contextTokens() == null ? Numbers.NONE : row.contextTokens().toString(),
                row.learningRate() == null ? Numbers.NONE : row.learningRate().toString(),
                Numbers.share(row.metric(Curve.ZSL.metric())),
                Numbers.share(row.metric(Curve.ICL.metric())),
                Numbers.share(row.metric(Curve.FT.metric())),
                row.status().name().toLowerCase(Locale.ROOT)
                        + (Point.instability(row).isEmpty() ? "" : ", " + Point.instability(row))
                        + (row.absence().isEmpty() ? "" : ": " + Reasons.of(row.absence())));
    }
}
