package org.dualform.report.panel;

import java.util.List;
import java.util.Map;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * A panel at one requested shot count.
 *
 * @param trueShots how many demonstrations fit, distinct over the cells and ascending; empty where no cell got so far
 * @param contextTokens likewise
 * @param metrics over the seeds
 */
public record Point(int shots, List<Integer> trueShots, List<Integer> contextTokens, Map<String, Metric> metrics) {
    /** The metric of that name; null where this point has none. */
    public @Nullable Metric metric(MetricName name) {
        return metrics.get(name.text());
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
