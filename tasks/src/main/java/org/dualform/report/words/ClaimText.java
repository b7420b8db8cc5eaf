package org.dualform.report.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.dualform.base.Counted;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.Answer;
import org.dualform.score.result.Verdict;
import org.jspecify.annotations.Nullable;

/** Says in numbers what an answer claims, and what to be careful about. */
public final class ClaimText {
    private static final double LEVEL = .05;

    private ClaimText() {}

    static String of(Answer answer, Panel panel, Point point) {
        Metric difference = Objects.requireNonNull(point.metric(MetricName.of(Quantity.ICL_MINUS_FT)));
        String n = " (n = " + cases(difference, panel) + ").";
        String at = "At " + shots(point) + " ";
        return switch (answer.verdict()) {
            case PROMPT ->
                at + "prompting is right more often than fine-tuning, "
                        + rates(point, ScoredMethod.ICL, ScoredMethod.FT) + ", by " + Numbers.difference(difference)
                        + " points" + n + zeroShot(point);
            case FINE_TUNE ->
                at + "fine-tuning is right more often than prompting, "
                        + rates(point, ScoredMethod.FT, ScoredMethod.ICL) + ", by " + Numbers.negated(difference)
                        + " points" + n + zeroShot(point);
            case EQUIVALENT ->
                at + "prompting and fine-tuning differ by 2 points at most (ICL − FT " + Numbers.difference(difference)
                        + ")" + n;
            case NO_DIFFERENCE ->
                at + "ICL − FT is " + Numbers.difference(difference) + " points" + n + " This n would show "
                        + Numbers.points(answer.detectable()) + " points or more." + zeroShot(point);
            case NEITHER_LEARNS ->
                at + "neither prompting (" + gain(point, Quantity.ICL_MINUS_ZSL) + " points against zero-shot) nor"
                        + " fine-tuning (" + gain(point, Quantity.FT_MINUS_ZSL) + ") is shown to beat zero-shot"
                        + n;
            case NOT_COMPARED -> "Not compared.";
        };
    }

    /** {@code 99.0 against 49.0 %}; the intervals are in the table. */
    private static String rates(Point point, ScoredMethod better, ScoredMethod other) {
        return rate(point, better) + " against " + rate(point, other) + " %";
    }

    private static String rate(Point point, ScoredMethod method) {
        Metric accuracy = point.metric(MetricName.accuracy(method));
        return Numbers.points(accuracy == null ? null : accuracy.value());
    }

    private static String zeroShot(Point point) {
        if (!Numbers.hasValue(point.metric(MetricName.accuracy(ScoredMethod.ZSL)))) return "";
        boolean prompting = isAbove(point.metric(MetricName.of(Quantity.ICL_MINUS_ZSL)));
        boolean tuning = isAbove(point.metric(MetricName.of(Quantity.FT_MINUS_ZSL)));
        String who = prompting && tuning ? "both are" : prompting ? "only prompting is" : "only fine-tuning is";
        return " Zero-shot: " + rate(point, ScoredMethod.ZSL) + " %; " + who + " shown to beat it.";
    }

    private static boolean isAbove(@Nullable Metric gain) {
        return gain != null && gain.excludesZero(1);
    }

    static List<String> cautions(Answer answer, Point point) {
        List<String> cautions = new ArrayList<>();
        Metric difference = point.metric(MetricName.of(Quantity.ICL_MINUS_FT));
        boolean decided = answer.verdict() == Verdict.PROMPT || answer.verdict() == Verdict.FINE_TUNE;
        if (decided && difference != null && Verdict.within(difference))
            cautions.add("The difference is sure but less than 2 points.");
        Double p = answer.pAdjusted();
        if (decided && answer.comparisons() > 1 && p != null && p >= LEVEL)
            cautions.add("Among " + answer.comparisons() + " answers of this study one like this may be chance (p = "
                    + Numbers.p(p) + " after Holm).");
        if (difference != null && missingSeeds(difference) > 0)
            cautions.add("The difference is over the seeds that have both methods, each method's own rate over all that"
                    + " it has.");
        if (contradicts(answer))
            cautions.add("On the selection rows it was the other way round: "
                    + (answer.chosenMethod() == ScoredMethod.ICL ? "prompting" : "fine-tuning") + " was ahead there.");
        Metric zeroShot = point.metric(MetricName.accuracy(ScoredMethod.ZSL));
        if (answer.verdict() == Verdict.NEITHER_LEARNS && Numbers.hasValue(zeroShot))
            cautions.add("Zero-shot alone is right in " + Numbers.share(zeroShot) + " %.");
        return cautions;
    }

    private static boolean contradicts(Answer answer) {
        return (answer.verdict() == Verdict.PROMPT && answer.chosenMethod() == ScoredMethod.FT)
                || (answer.verdict() == Verdict.FINE_TUNE && answer.chosenMethod() == ScoredMethod.ICL);
    }

    static String shots(Point point) {
        return point.shownShots() + (point.shots() == 1 ? " shot" : " shots");
    }

    private static String gain(Point point, Quantity quantity) {
        return Numbers.difference(point.metric(MetricName.of(quantity)));
    }

    /** {@code 300: 3 seeds × 100 rows}, or {@code 200: 2 of 3 seeds × 100 rows} where a seed has no value. */
    public static String cases(@Nullable Metric metric, Panel panel) {
        String n = Numbers.n(metric);
        int seeds = panel.seeds().size();
        if (metric == null || metric.n() == null || seeds < 2) return n;
        int counted = seeds - missingSeeds(metric);
        if (counted < 1 || metric.n() % counted != 0) return n;
        return n + ": " + (counted < seeds ? counted + " of " : "") + Counted.of(seeds, "seed") + " × "
                + Counted.of(metric.n() / counted, "row");
    }

    private static int missingSeeds(Metric metric) {
        return metric.cautions().stream()
                .mapToInt(caution -> caution instanceof Caution.SeedsMissing missing ? missing.seeds() : 0)
                .sum();
    }
}
