package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dualform.score.Metric;
import org.dualform.score.Results;
import org.dualform.score.SummaryRow;

/** What a reader has to know to judge the numbers; only what holds for these results. */
final class Caveats {
    private Caveats() {}

    static List<String> of(Results results) {
        List<String> caveats = new ArrayList<>();
        Set<String> intervals = intervals(results);
        if (intervals.contains("wilson"))
            caveats.add(
                    "Intervals are 95 % Wilson intervals: they speak of the evaluated rows, for this one draw of demonstrations.");
        if (intervals.contains("bootstrap"))
            caveats.add(
                    "Intervals are 95 % bootstrap intervals over seeds and evaluated rows, resampled independently.");
        if (intervals.contains("bootstrap-examples"))
            caveats.add(
                    "Intervals are 95 % bootstrap intervals over the evaluated rows, given these seeds: with so few draws"
                            + " of demonstrations, nothing is said of other draws.");
        if (results.rows().stream().anyMatch(row -> row.trueShots() != null && row.trueShots() < row.shots()))
            caveats.add(
                    "Where fewer demonstrations fit the context than were asked for, both methods used only those that"
                            + " fit; counts that come to the same were computed once.");
        if (results.rows().stream().anyMatch(row -> "reported".equals(row.selectedOn())))
            caveats.add(
                    Panel.MARK.trim() + " Learning rate, seed, order or template were chosen on the very rows that are"
                            + " reported, as in the paper: these numbers come out too high.");
        else if (results.rows().stream().anyMatch(row -> row.learningRate() != null)
                && !results.spec().path("learning_rate").isNumber())
            caveats.add(
                    "The learning rate was chosen once for each data set on training rows that are never demonstrations; the evaluated"
                            + " rows had no part in it.");
        if (results.spec().path("model").asText("").equals("mini"))
            caveats.add("The built-in model shows that the measurement works; it is no benchmark.");
        for (var warning : results.provenance().path("warnings")) caveats.add(warning.asText());
        return caveats;
    }

    private static Set<String> intervals(Results results) {
        Set<String> intervals = new TreeSet<>();
        for (SummaryRow row : results.summary())
            for (Metric metric : row.metrics().values())
                if (metric.interval() != null) intervals.add(metric.interval());
        return intervals;
    }
}
