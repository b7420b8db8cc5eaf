package org.dualform.report.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.report.panel.Panel;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.result.Answer;
import org.dualform.score.result.Results;
import org.dualform.score.result.Verdict;

/**
 * The answer for one data set in words, the same in the terminal, in Markdown and in HTML.
 *
 * @param dataset with its mark, where something was chosen on the reported rows
 * @param word the answer itself
 * @param claim what it rests on, with n
 * @param cost what each method costs at that shot count; empty if unknown
 * @param alike how alike the two are, and against what; empty if unknown
 * @param cautions that belong to this answer alone
 */
public record Finding(
        String dataset, Verdict verdict, String word, String claim, String cost, String alike, List<String> cautions) {

    /** A finding for each answer, in the same order. */
    public static List<Finding> of(Results results, List<Panel> panels) {
        List<Finding> findings = new ArrayList<>();
        for (Answer answer : results.answers()) {
            Optional<Panel> panel = panel(answer, panels);
            Optional<Point> point = panel.flatMap(p -> point(answer, p));
            findings.add(
                    point.isEmpty()
                            ? notCompared(answer, panel)
                            : of(answer, panel.get(), point.get(), unlearned(answer, results, panels)));
        }
        return findings;
    }

    /** What follows the answer, in one paragraph. */
    public String body() {
        List<String> parts = new ArrayList<>(List.of(claim));
        if (!cost.isEmpty()) parts.add(cost);
        if (!alike.isEmpty()) parts.add(alike);
        parts.addAll(cautions);
        return String.join(" ", parts);
    }

    static String word(Verdict verdict) {
        return switch (verdict) {
            case PROMPT -> "prompt";
            case FINE_TUNE -> "fine-tune";
            case EQUIVALENT -> "equivalent";
            case NO_DIFFERENCE -> "no difference found";
            case NEITHER_LEARNS -> "neither learns";
            case NOT_COMPARED -> "not compared";
        };
    }

    private static Finding of(Answer answer, Panel panel, Point point, List<AlikeText.Unlearned> unlearned) {
        return new Finding(
                panel.title(),
                answer.verdict(),
                word(answer.verdict()),
                ClaimText.of(answer, panel, point),
                CostText.of(point),
                AlikeText.of(point, unlearned),
                ClaimText.cautions(answer, point));
    }

    private static Finding notCompared(Answer answer, Optional<Panel> panel) {
        String reason = panel.flatMap(p -> p.points().stream()
                        .map(point -> point.metric(MetricName.of(Quantity.ICL_MINUS_FT)))
                        .filter(m -> m != null && !m.absence().isEmpty())
                        .map(m -> Reasons.of(m.absence()))
                        .reduce((first, last) -> last))
                .orElse("one of the two methods was not asked for");
        return new Finding(
                answer.dataset(),
                answer.verdict(),
                word(answer.verdict()),
                "No shot count has values of both methods: " + reason + ".",
                "",
                "",
                List.of());
    }

    /** The points of tasks that neither method learns, other than the answer's own. */
    private static List<AlikeText.Unlearned> unlearned(Answer of, Results results, List<Panel> panels) {
        List<AlikeText.Unlearned> unlearned = new ArrayList<>();
        for (Answer answer : results.answers()) {
            if (answer.verdict() != Verdict.NEITHER_LEARNS || answer.equals(of)) continue;
            panel(answer, panels)
                    .flatMap(p -> point(answer, p))
                    .ifPresent(point -> unlearned.add(new AlikeText.Unlearned(answer.dataset(), point)));
        }
        return unlearned;
    }

    private static Optional<Panel> panel(Answer answer, List<Panel> panels) {
        return panels.stream()
                .filter(p -> p.isMain() && p.dataset().equals(answer.dataset()))
                .findFirst();
    }

    private static Optional<Point> point(Answer answer, Panel panel) {
        return panel.points().stream()
                .filter(p -> Integer.valueOf(p.shots()).equals(answer.shots()))
                .findFirst();
    }
}
