package org.dualform.report.words;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.result.Answer;
import org.dualform.score.result.ChosenRate;
import org.dualform.score.result.Results;
import org.dualform.score.result.SelectionCurve;
import org.dualform.score.result.SummaryRow;
import org.dualform.spec.arm.Arms;

/** What a reader has to know to judge the numbers. Only what applies to these results is said. */
public final class Caveats {
    private Caveats() {}

    public static List<String> of(Results results) {
        List<String> caveats = new ArrayList<>();
        Set<IntervalMethod> intervals = intervals(results);
        boolean given = intervals.contains(IntervalMethod.BOOTSTRAP_EXAMPLES);
        boolean many = results.summary().stream().anyMatch(row -> row.seeds().size() > 1);
        if (intervals.contains(IntervalMethod.BOOTSTRAP))
            caveats.add("Intervals are 95 % bootstrap intervals over seeds and rows.");
        else if (given && many)
            caveats.add("Intervals are 95 % bootstrap intervals over rows, given these seeds: other draws of"
                    + " demonstrations may give other results. Five seeds or more would tell.");
        else if (given || intervals.contains(IntervalMethod.WILSON))
            caveats.add("Intervals are 95 % intervals over rows (Wilson, for differences bootstrap), given this one"
                    + " draw of demonstrations: other draws may give other results.");
        selection(results).ifPresent(caveats::add);
        passes(results).ifPresent(caveats::add);
        if (results.rows().stream().anyMatch(row -> row.trueShots() != null && row.trueShots() < row.shots()))
            caveats.add(
                    "Where fewer demonstrations fit the context than were asked for, both methods used only those that"
                            + " fit; counts that come to the same were computed once.");
        if (results.rows().stream().anyMatch(row -> "reported".equals(row.selectedOn())))
            caveats.add(
                    Panel.MARK.trim() + " Learning rate, seed, order or template were chosen on the very rows that are"
                            + " reported, as in the paper: these numbers come out too high.");
        else if (results.rows().stream().anyMatch(row -> row.learningRate() != null && row.selectedOn() != null)
                && !results.spec().path("learning_rate").isNumber())
            caveats.add(
                    "The learning rate was chosen once for each data set and way to fine-tune, on the same kind of rows.");
        for (ChosenRate rate : results.rates())
            if (rate.isAtEdge()) caveats.add(Panel.EDGE_MARK.trim() + " " + atEdge(rate));
        if (results.rows().stream().anyMatch(row -> !Point.instability(row).isEmpty()))
            caveats.add(
                    "unstable ×N: at this learning rate, rounding errors grew N-fold while fine-tuning. What it answers"
                            + " there is noise, and another processor may give other answers. A smaller rate may be stable;"
                            + " learning_rate auto chooses none that is not.");
        if (results.spec().path("model").asText("").equals("mini"))
            caveats.add("The built-in model shows that the measurement works; it is no benchmark.");
        for (var warning : results.provenance().path("warnings")) caveats.add(warning.asText());
        return caveats;
    }

    /** How method and shot count were chosen. */
    private static Optional<String> selection(Results results) {
        List<Answer> answers =
                results.answers().stream().filter(a -> a.shots() != null).toList();
        // What stands in for the choices is among the plan's warnings.
        boolean nothingChosen = results.spec().path("select_on").asText().equals("none");
        if (answers.isEmpty() || nothingChosen) return Optional.empty();
        if (answers.stream().allMatch(a -> a.chosenBy().equals(Answer.SELECTION))) {
            int n = results.selection().stream()
                    .mapToInt(SelectionCurve::n)
                    .min()
                    .orElse(0);
            return Optional.of("The shot count of each answer was chosen in a race on up to " + n
                    + " training rows or more that are never demonstrations, with the first seed; the evaluated rows"
                    + " had no part in it.");
        }
        return Optional.of("No training rows were left to choose a shot count on"
                + (answers.stream().allMatch(a -> a.chosenBy().equals(Answer.LARGEST)) ? "" : " for some data sets")
                + ": the answer stands at the largest, which no result had a part in choosing.");
    }

    /** How long fine-tuning took, since more of it may change the answer. */
    private static Optional<String> passes(Results results) {
        int passes = results.spec().path("passes").asInt(0);
        boolean tuned = results.rows().stream().anyMatch(row -> row.learningRate() != null);
        if (passes == 0 || !tuned) return Optional.empty();
        return Optional.of("Fine-tuning took " + (passes == 1 ? "one pass" : passes + " passes")
                + " over the demonstrations" + (passes == 1 ? ", as the paper's; more may do better." : "."));
    }

    private static Set<IntervalMethod> intervals(Results results) {
        Set<IntervalMethod> intervals = EnumSet.noneOf(IntervalMethod.class);
        for (SummaryRow row : results.summary())
            for (Metric metric : row.metrics().values())
                if (metric.interval() != null) intervals.add(metric.interval());
        return intervals;
    }

    private static String atEdge(ChosenRate rate) {
        String where = rate.dataset() + (rate.arm().equals(Arms.MAIN) ? "" : " · " + rate.arm());
        String tried = " of those tried (" + plain(rate.lowest()) + " to " + plain(rate.highest()) + "): ";
        return switch (rate.place()) {
            case HIGHEST ->
                "On " + where + " the learning rate " + plain(rate.learningRate()) + " is the highest" + tried
                        + "fine-tuning may do better at a higher one.";
            case LOWEST ->
                "On " + where + " the learning rate " + plain(rate.learningRate()) + " is the lowest" + tried
                        + "fine-tuning may do better at a lower one.";
            case ALL_DIVERGED ->
                "On " + where + " fine-tuning diverged or was unstable at each learning rate" + tried
                        + "the lowest stands in.";
            case INSIDE -> "";
        };
    }

    private static String plain(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }
}
