package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import org.dualform.report.panel.Curve;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;

/** The table that ends a run, with a line for each data set and shot count; the same in the console, Markdown and HTML. */
record ResultsTable(List<String> head, List<List<String>> lines) {
    /** How many of the first columns are text. */
    static final int TEXT_COLUMNS = 1;

    /** Explains the columns. */
    static final String LEGEND =
            "ZSL: zero-shot. ICL: demonstrations in the prompt. FT: fine-tuned on them. Accuracy in %, in brackets its 95 %"
                    + " interval; Rec2FTP: errors of ZSL that FT fixes, and how many of them ICL fixes; n: answers scored, rows × seeds, with each"
                    + " method that has another number.";

    /** All shot counts without a control. */
    static ResultsTable main(List<Panel> panels) {
        return of(panels.stream().filter(Panel::isMain).toList());
    }

    /** Controls, each at its largest count or at all. */
    static ResultsTable controls(List<Panel> panels, boolean all) {
        return of(panels.stream()
                .filter(panel -> !panel.isMain())
                .map(panel -> all ? panel : panel.atLargest())
                .toList());
    }

    private static ResultsTable of(List<Panel> panels) {
        List<String> head = new ArrayList<>(List.of("data set", "shots"));
        for (Curve curve : Curve.values()) head.add(curve.shortName());
        head.addAll(List.of("ICL − FT", "Rec2FTP", "n"));
        List<List<String>> lines = new ArrayList<>();
        for (Panel panel : panels) for (Point point : panel.points()) lines.add(line(panel, point));
        return new ResultsTable(head, lines);
    }

    private static List<String> line(Panel panel, Point point) {
        List<String> line = new ArrayList<>(List.of(panel.title(), point.shownShots()));
        for (Curve curve : Curve.values()) line.add(share(point, curve));
        // Without demonstrations both are zero-shot.
        line.add(
                point.shots() == 0
                        ? Numbers.NONE
                        : Numbers.difference(point.metric(MetricName.of(Quantity.ICL_MINUS_FT))));
        line.add(point.shots() == 0 ? Numbers.NONE : Numbers.counts(point.metric(MetricName.of(Quantity.REC2FTP))));
        line.add(counted(point));
        return line;
    }

    /** The accuracy. That of fine-tuning says if it is noise. */
    private static String share(Point point, Curve curve) {
        String share = Numbers.share(point.metric(curve.metric()));
        return curve != Curve.FT || point.instability().isEmpty() ? share : share + " " + point.instability();
    }

    /** {@code 80}, or {@code 80, FT 40} where a seed has no value of fine-tuning. */
    private static String counted(Point point) {
        List<String> parts = new ArrayList<>();
        String first = "";
        for (Curve curve : Curve.values()) {
            Metric metric = point.metric(curve.metric());
            if (!Numbers.hasValue(metric)) continue;
            String n = Numbers.n(metric);
            if (parts.isEmpty()) {
                first = n;
                parts.add(n);
            } else if (!n.equals(first)) {
                parts.add(curve.shortName() + " " + n);
            }
        }
        return parts.isEmpty() ? Numbers.NONE : String.join(", ", parts);
    }
}
