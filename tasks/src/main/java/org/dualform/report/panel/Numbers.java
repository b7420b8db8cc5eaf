package org.dualform.report.panel;

import java.util.Locale;
import org.dualform.score.result.Interval;
import org.dualform.score.result.Metric;
import org.jspecify.annotations.Nullable;

/** Shares as people read them: in percent, never without their interval where there is one. */
public final class Numbers {
    /** Stands where there is no number. */
    public static final String NONE = "–";

    private Numbers() {}

    /** In the place of a value: a dash where nothing was measured, else a word. */
    private static String absent(@Nullable Metric metric) {
        if (metric == null || metric.reason() == null || metric.reason().equals("not measured")) return NONE;
        if (metric.reason().contains("diverged at")) return "diverged";
        return metric.reason().contains("missing") ? "missing" : "undefined";
    }

    public static boolean hasValue(@Nullable Metric metric) {
        return metric != null && metric.value() != null;
    }

    /** {@code 55.0 [34.2, 74.2]}, in percent. */
    public static String share(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return absent(metric);
        return percent(metric.value(), false) + interval(metric, false);
    }

    /** {@code +6.0 [+1.2, +10.8]}, in percentage points. */
    public static String difference(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return absent(metric);
        return percent(metric.value(), true) + interval(metric, true);
    }

    /** The difference the other way round. */
    public static String negated(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return NONE;
        Metric other = metric.low() == null || metric.high() == null
                ? Metric.of(-metric.value(), 0)
                : Metric.of(-metric.value(), 0, new Interval(-metric.high(), -metric.low(), ""));
        return difference(other);
    }

    /** {@code 0.213 [0.190, 0.236]}: a similarity or a correlation, which is no share. */
    public static String plain(@Nullable Metric metric) {
        if (metric == null || metric.value() == null) return absent(metric);
        String interval = metric.low() == null || metric.high() == null
                ? ""
                : " [" + decimal(metric.low()) + ", " + decimal(metric.high()) + "]";
        return decimal(metric.value()) + interval;
    }

    /** {@code 5 of 6}: a share's cases, averaged over orders where there are several. */
    public static String counts(@Nullable Metric metric) {
        if (metric == null || metric.n() == null) return NONE;
        if (metric.value() == null) return absent(metric);
        return Math.round(metric.value() * metric.n()) + " of " + metric.n();
    }

    /** Percentage points. */
    public static String points(@Nullable Double share) {
        return share == null ? NONE : percent(share, false);
    }

    public static String p(double p) {
        return p < .001 ? "< .001" : String.format(Locale.ROOT, "%.3f", p).replaceFirst("^0", "");
    }

    /** The number of cases, or a dash. */
    public static String n(@Nullable Metric metric) {
        return metric == null || metric.n() == null ? NONE : Integer.toString(metric.n());
    }

    private static String interval(Metric metric, boolean signed) {
        if (metric.low() == null || metric.high() == null) return "";
        return " [" + percent(metric.low(), signed) + ", " + percent(metric.high(), signed) + "]";
    }

    public static String decimal(double number) {
        String text = String.format(Locale.ROOT, "%.3f", number);
        return text.equals("-0.000") ? "0.000" : text.replace('-', '−');
    }

    private static String percent(double share, boolean signed) {
        double percent = Math.round(share * 1000) / 10.0;
        String text = String.format(Locale.ROOT, signed && percent != 0 ? "%+.1f" : "%.1f", percent);
        return text.replace('-', '−');
    }
}
