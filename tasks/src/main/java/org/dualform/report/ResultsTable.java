package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import org.dualform.score.Metric;
import org.dualform.score.Results;

/** The table that ends a run, the same in the console, in Markdown and in HTML: a line a data set and shot count. */
record ResultsTable(List<String> head, List<List<String>> lines) {
    /** In each cell the number comes first; text columns are these. */
    static final int TEXT_COLUMNS = 1;

    static ResultsTable of(Results results) {
        List<String> head = new ArrayList<>(List.of("data set", "shots", "context tokens"));
        for (Curve curve : Curve.values()) head.add(curve.shortName());
        head.addAll(List.of("ICL − FT", "n"));
        List<List<String>> lines = new ArrayList<>();
        for (Panel panel : Panel.of(results)) for (Point point : panel.points()) lines.add(line(panel, point));
        return new ResultsTable(head, lines);
    }

    private static List<String> line(Panel panel, Point point) {
        List<String> line = new ArrayList<>(List.of(panel.title(), point.shownShots(), point.shownContextTokens()));
        Metric counted = null;
        for (Curve curve : Curve.values()) {
            Metric metric = point.metric(curve.metric());
            line.add(Numbers.share(metric));
            if (counted == null && Numbers.hasValue(metric)) counted = metric;
        }
        line.add(Numbers.difference(point.metric("icl_minus_ft")));
        line.add(Numbers.n(counted));
        return line;
    }
}
