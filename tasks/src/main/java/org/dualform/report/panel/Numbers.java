package org.dualform.report.panel;

import java.util.List;
import java.util.Locale;
import org.dualform.score.metric.Absence;
import org.dualform.score.metric.Interval;
import org.dualform.score.metric.IntervalMethod;
import org.dualform.score.metric.Metric;
import org.dualform.score.metric.MetricKind;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. Shares are in percent, and a number that has an interval is never shown without it. */
public final class Numbers {
    /** Stands where there is no number. */
    public static final String NONE = "–";

    private Numbers() {}

    /** Stands in place of a value: a dash where nothing was measured, else a word. "Missing" comes before "diverged". */
    private static String absent(@Nullable Metric metric) {
        if (metric == null) return NONE;
        List<Absence> why = metric.absence();
        if (why.stream().allMatch(Absence.NotMeasured.class::isInstance)) return NONE;
        if (why.stream().anyMatch(Absence::isMissing)) return "missing";
        return why.stream().anyMatch(Absence.Diverged.class::isInstance) ? "diverged" : "undefined";
    }

    public static boolean hasValue(@Nullable Metric metric) {
        return metric != null && metric.value() != null;
    }

    /** A share or a difference, each in its form. */
    public static String points(@Nullable Metric metric) {
        return metric != null && metric.kind() == MetricKind.DIFFERENCE ? difference(metric) : share(metric);
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
                ? Metric.of(metric.kind(), -metric.value(), 0)
                : Metric.of(
                        metric.kind(),
                        -metric.value(),
                        0,
                        new Interval(-metric.high(), -metric.low(), IntervalMethod.BOOTSTRAP));
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
