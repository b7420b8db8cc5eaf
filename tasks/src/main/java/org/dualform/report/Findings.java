package org.dualform.report;

import java.util.ArrayList;
import java.util.List;
import org.dualform.score.Metric;
import org.jspecify.annotations.Nullable;

/** What the numbers say, in one sentence a panel, and not more than their intervals allow. */
final class Findings {
    private Findings() {}

    /** The answer at the largest shot count that has values for both methods; empty where no count has. */
    static List<String> of(Panel panel) {
        List<Point> points = panel.points();
        for (int i = points.size() - 1; i >= 0; i--) {
            Point point = points.get(i);
            Metric difference = point.metric("icl_minus_ft");
            if (point.shots() > 0 && Numbers.hasValue(difference)) return List.of(sentence(panel, point, difference));
        }
        return List.of();
    }

    private static String sentence(Panel panel, Point point, @Nullable Metric difference) {
        String points = Numbers.difference(difference) + " points, n = " + Numbers.n(difference);
        String answer;
        if (isAbove(difference)) answer = "prompting is better than fine-tuning (" + points + ")";
        else if (isBelow(difference))
            answer = "fine-tuning is better than prompting (prompting − fine-tuning: " + points + ")";
        else
            answer = "no difference between prompting and fine-tuning is shown (prompting − fine-tuning: " + points
                    + ")";
        return panel.title() + ", " + point.shownShots() + " shots: " + answer + zeroShot(point) + ".";
    }

    private static String zeroShot(Point point) {
        List<String> better = new ArrayList<>();
        if (isAbove(point.metric("icl_minus_zsl"))) better.add("prompting");
        if (isAbove(point.metric("ft_minus_zsl"))) better.add("fine-tuning");
        return switch (better.size()) {
            case 0 -> "; neither is shown to beat zero-shot";
            case 1 -> "; only " + better.get(0) + " is shown to beat zero-shot";
            default -> "; both beat zero-shot";
        };
    }

    private static boolean isAbove(@Nullable Metric metric) {
        return metric != null && metric.low() != null && metric.low() > 0;
    }

    private static boolean isBelow(@Nullable Metric metric) {
        return metric != null && metric.high() != null && metric.high() < 0;
    }
}
