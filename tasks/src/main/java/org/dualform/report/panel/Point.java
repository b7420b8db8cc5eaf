package org.dualform.report.panel;

import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ResultRow;
import org.jspecify.annotations.Nullable;

/**
 * A panel at one requested shot count.
 *
 * @param trueShots how many demonstrations fit, distinct over the cells and ascending; empty where no cell got so far
 * @param contextTokens likewise
 * @param metrics over the seeds
 */
public record Point(int shots, List<Integer> trueShots, List<Integer> contextTokens, Map<String, Metric> metrics) {
    private static final MetricName UNSTABLE = MetricName.of(ScoredMethod.FT, Quantity.UNSTABLE);
    private static final MetricName GROWTH = MetricName.of(ScoredMethod.FT, Quantity.ROUNDING_GROWTH);

    /** The metric of that name; null where this point has none. */
    public @Nullable Metric metric(MetricName name) {
        return metrics.get(name.text());
    }

    /**
     * {@code unstable ×2100} where fine-tuning's result depends on rounding, with the growth of rounding errors (over
     * seeds their mean); else empty.
     */
    public String instability() {
        return instability(metric(UNSTABLE), metric(GROWTH));
    }

    /** The same of one cell. */
    public static String instability(ResultRow row) {
        return instability(row.metric(UNSTABLE), row.metric(GROWTH));
    }

    private static String instability(@Nullable Metric unstable, @Nullable Metric growth) {
        Double share = unstable == null ? null : unstable.value();
        Double factor = growth == null ? null : growth.value();
        return share == null || factor == null || share == 0 ? "" : "unstable ×" + Math.round(factor);
    }

    /** The requested count, with what fits where that is less: {@code 8 (4 fit)}. */
    public String shownShots() {
        if (trueShots.isEmpty() || trueShots.equals(List.of(shots))) return Integer.toString(shots);
        return shots + " (" + range(trueShots) + " fit)";
    }

    /** {@code 172}, {@code 160–172} over cells, or a dash. */
    String shownContextTokens() {
        return contextTokens.isEmpty() ? Numbers.NONE : range(contextTokens);
    }

    private static String range(List<Integer> ascending) {
        int low = ascending.get(0);
        int high = ascending.get(ascending.size() - 1);
        return low == high ? Integer.toString(low) : low + "–" + high;
    }
}
