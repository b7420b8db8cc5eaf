package org.dualform.report;

import java.util.Locale;
import org.dualform.score.Metric;
import org.jspecify.annotations.Nullable;

/** Shares as people read them: in percent, never without their interval where there is one. */
final class Numbers {
    /** Stands where there is no number. */
    static final String NONE = "–";

    private Numbers() {}

    static boolean hasValue(@Nullable Metric metric) {
        return metric != null && metric.value() != null;
    }

    /** {@code 55.0 [34.2, 74.2]}, in percent. */
    static String share(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return NONE;
        return percent(metric.value(), false) + interval(metric, false);
    }

    /** {@code +6.0 [+1.2, +10.8]}, in percentage points. */
    static String difference(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return NONE;
        return percent(metric.value(), true) + interval(metric, true);
    }

    /** The number of cases, or a dash. */
    static String n(@Nullable Metric metric) {
        return metric == null || metric.n() == null ? NONE : Integer.toString(metric.n());
    }

    private static String interval(Metric metric, boolean signed) {
        if (metric.low() == null || metric.high() == null) return "";
        return " [" + percent(metric.low(), signed) + ", " + percent(metric.high(), signed) + "]";
    }

    private static String percent(double share, boolean signed) {
        double percent = Math.round(share * 1000) / 10.0;
        String text = String.format(Locale.ROOT, signed && percent != 0 ? "%+.1f" : "%.1f", percent);
        return text.replace('-', '−');
    }
}
