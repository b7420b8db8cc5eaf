package org.dualform.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.report.figure.Picture;
import org.dualform.report.panel.Evidence;
import org.dualform.report.panel.Panel;
import org.dualform.report.plot.AgreementFigures;
import org.dualform.report.plot.Figure;
import org.dualform.report.plot.LayerFigures;
import org.dualform.report.plot.ShotCurves;
import org.dualform.score.result.Results;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An experiment's results for people: as text, as Markdown, as one HTML file, as a picture. */
public final class Report {
    private static final Logger LOG = LoggerFactory.getLogger(Report.class);
    /** Columns of a text that goes to no terminal. */
    static final int WIDTH = 118;

    private final Results results;
    private final Evidence evidence;
    private final List<Panel> panels;

    public Report(Results results) {
        this(results, Evidence.NONE);
    }

    /** @param evidence for the figures that results alone do not give */
    public Report(Results results, Evidence evidence) {
        this.results = results;
        this.evidence = evidence;
        this.panels = Panel.of(results);
    }

    /** As {@link #text(int)}, for a file. */
    public String text() {
        return text(WIDTH);
    }

    /**
     * For a terminal: the answer, the table, and what is missing. Ends with a newline.
     *
     * @param width columns of the terminal; tables that are wider are split
     */
    public String text(int width) {
        return TextReport.of(results, panels, width);
    }

    /**
     * A summary for the note of a tracking run.
     *
     * @param links addresses by their names, in the order to show them
     */
    public String markdown(Map<String, String> links) {
        return MarkdownReport.of(results, panels, links);
    }

    /** One self-contained file. It has no script, fetches nothing, and every text of the data is escaped. */
    public String html() {
        return HtmlReport.of(results, evidence, panels);
    }

    /** The shot curves of all data sets as a PNG; empty where nothing has a value, or this machine cannot draw. */
    public Optional<byte[]> png() {
        List<Panel> drawable = panels.stream()
                .filter(panel -> panel.isMain() && !panel.curves().isEmpty())
                .toList();
        if (drawable.isEmpty()) return Optional.empty();
        return drawn(() -> ShotCurves.png(drawable));
    }

    /**
     * How alike the methods are, as a PNG: by layer where that was recorded, else which answers agree; empty where
     * neither is known, or this machine cannot draw.
     */
    public Optional<byte[]> alikePng() {
        List<Figure> figures = panels.stream()
                .filter(Panel::isMain)
                .flatMap(panel -> LayerFigures.boxes(panel.dataset(), evidence).stream())
                .toList();
        if (figures.isEmpty())
            figures = results.answers().stream()
                    .flatMap(answer -> AgreementFigures.of(answer, results, evidence).stream())
                    .toList();
        if (figures.isEmpty()) return Optional.empty();
        List<Picture> pictures = figures.stream().map(Figure::picture).toList();
        return drawn(() -> Picture.png(pictures));
    }

    /** A drawing that may fail. */
    interface Drawing {
        byte[] make() throws IOException;
    }

    /** A machine without fonts makes a report without pictures; the task does not fail. */
    static Optional<byte[]> drawn(Drawing drawing) {
        try {
            return Optional.of(drawing.make());
        } catch (IOException | RuntimeException | LinkageError | java.awt.AWTError e) {
            LOG.warn("A figure could not be drawn: {}. A Java with fonts (fontconfig) is needed.", e.toString());
            return Optional.empty();
        }
    }
}
