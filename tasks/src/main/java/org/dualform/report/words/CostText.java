package org.dualform.report.words;

import java.util.Locale;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * Says what each method costs in tokens, which are the same on every machine and in every run. Clock times are not
 * compared: of one pass over the queries they differ more from run to run than the methods do.
 */
final class CostText {
    private CostText() {}

    /** Empty where a cost is not known. */
    static String of(Point point) {
        Double promptTokens = value(point, ScoredMethod.ICL, Quantity.TOKENS_PER_QUERY);
        Double tunedTokens = value(point, ScoredMethod.FT, Quantity.TOKENS_PER_QUERY);
        Double steps = value(point, ScoredMethod.FT, Quantity.STEPS);
        if (promptTokens == null || tunedTokens == null || steps == null) return "";
        String training = String.format(Locale.ROOT, steps < 1.5 ? "%.0f step" : "%.0f steps", steps);
        Double seconds = value(point, ScoredMethod.FT, Quantity.TRAIN_SECONDS);
        return String.format(
                Locale.ROOT,
                "Cost: %.0f tokens a query when prompting, %.0f when fine-tuned after %s of training%s.",
                promptTokens,
                tunedTokens,
                training,
                seconds == null ? "" : " (" + seconds(seconds) + " here)");
    }

    static String seconds(double seconds) {
        if (seconds >= 120) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
    }

    private static @Nullable Double value(Point point, ScoredMethod method, Quantity quantity) {
        Metric metric = point.metric(MetricName.of(method, quantity));
        return metric == null ? null : metric.value();
    }
}
