package org.dualform.report.words;

import java.util.Locale;
import org.dualform.report.panel.Point;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/** Says what each method costs: in tokens, which are the same on every machine, and in seconds on this one. */
final class CostText {
    private CostText() {}

    /** Empty where a cost is not known. */
    static String of(Point point) {
        Double promptTokens = value(point, ScoredMethod.ICL, Quantity.TOKENS_PER_QUERY);
        Double tunedTokens = value(point, ScoredMethod.FT, Quantity.TOKENS_PER_QUERY);
        Double training = value(point, ScoredMethod.FT, Quantity.TRAIN_SECONDS);
        if (promptTokens == null || tunedTokens == null || training == null) return "";
        return String.format(
                Locale.ROOT,
                "Cost: %.0f tokens a query when prompting, %.0f when fine-tuned after %s of training%s.",
                promptTokens,
                tunedTokens,
                seconds(training),
                breakEven(point, training));
    }

    /** After how many queries training has paid for itself, where its queries are faster. */
    private static String breakEven(Point point, double training) {
        Double prompt = value(point, ScoredMethod.ICL, Quantity.MS_PER_QUERY);
        Double tuned = value(point, ScoredMethod.FT, Quantity.MS_PER_QUERY);
        if (prompt == null || tuned == null) return "";
        String times = String.format(Locale.ROOT, " (%.1f and %.1f ms a query here)", prompt, tuned);
        if (prompt <= tuned) return times + ", which its queries do not win back on this machine";
        double queries = training * 1000 / (prompt - tuned);
        return times + ", won back after about " + rounded(queries) + (queries < 1.5 ? " query" : " queries");
    }

    /** Rounded to two digits, since a clock cannot tell more. */
    private static String rounded(double number) {
        double scale = Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1));
        return String.format(Locale.ROOT, "%,.0f", Math.max(1, Math.round(number / scale) * scale));
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
