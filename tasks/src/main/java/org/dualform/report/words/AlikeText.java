package org.dualform.report.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.report.panel.Numbers;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Caution;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;

/** Says how alike prompting and fine-tuning are, beside what the similarity would be without any cause. */
final class AlikeText {
    /** A task that neither method learns. What is alike there is not alike because both learned the same. */
    record Unlearned(String dataset, Point point) {}

    private static final List<Quantity> TOLD = List.of(Quantity.SIM_AOU, Quantity.SIM_AM_DELTA);

    private AlikeText() {}

    /** Empty where nothing was measured. */
    static String of(Point point, List<Unlearned> unlearned) {
        List<String> parts = new ArrayList<>();
        Similarity.AGREEMENT
                .at(point)
                .ifPresent(m -> parts.add("the same answer on " + Numbers.share(m) + " % of the rows"
                        + than(Similarity.AGREEMENT, m, unlearned)));
        recovered(point).ifPresent(parts::add);
        for (Similarity similarity : Similarity.ALL) {
            if (TOLD.contains(similarity.quantity()))
                similarity
                        .at(point)
                        .ifPresent(m -> parts.add(similarity.plain() + " " + Numbers.plain(m)
                                + against(similarity, m, point) + than(similarity, m, unlearned)));
        }
        return parts.isEmpty() ? "" : "How alike: " + String.join("; ", parts) + ".";
    }

    /** Rec2FTP with its counts, beside what prompting gets right among all zero-shot errors. */
    private static Optional<String> recovered(Point point) {
        Metric metric = point.metric(MetricName.of(Quantity.REC2FTP));
        if (!Numbers.hasValue(metric)) return Optional.empty();
        Metric base = point.metric(MetricName.of(Quantity.REC2FTP_BASE));
        boolean few = metric != null && metric.has(Caution.TooFew.class);
        String against = Numbers.hasValue(base) ? "of all zero-shot errors it fixes " + Numbers.counts(base) : "";
        String remark = few ? against.isEmpty() ? "too few to say" : "too few to say; " + against : against;
        return Optional.of("of the errors that fine-tuning fixes, prompting fixes " + Numbers.counts(metric)
                + (remark.isEmpty() ? "" : " (" + remark + ")"));
    }

    /** How the value compares with the highest floor that was measured. */
    private static String against(Similarity similarity, Metric metric, Point point) {
        Similarity.Measured highest = null;
        for (Similarity.Measured floor : similarity.floors(point)) {
            if (highest == null || value(floor.metric()) > value(highest.metric())) highest = floor;
        }
        if (highest == null) return " (no floor measured, so this says nothing)";
        String what = highest.floor().plain() + " (" + Numbers.plain(highest.metric()) + ")";
        return Similarity.isAbove(metric, highest.metric())
                ? ", above its highest floor, " + what
                : ", no higher than its floor, " + what;
    }

    private static String than(Similarity similarity, Metric metric, List<Unlearned> unlearned) {
        for (Unlearned task : unlearned) {
            Optional<Metric> there = similarity.at(task.point());
            if (there.isPresent() && !Similarity.isAbove(metric, there.get()))
                return " (no higher than on " + task.dataset() + ", which neither learns: "
                        + (similarity.equals(Similarity.AGREEMENT)
                                ? Numbers.share(there.get()) + " %"
                                : Numbers.plain(there.get()))
                        + ")";
        }
        return "";
    }

    private static double value(Metric metric) {
        Double value = metric.value();
        return value == null ? Double.NEGATIVE_INFINITY : value;
    }
}
