package org.dualform.mlflow.value;

import java.util.Locale;

/**
 * What a curve is in its study. MLflow's UI cannot choose the runs of one chart by a filter, only by the metrics that
 * they have. So a control logs its accuracy under another name than the experiment's own curve, and the page of a study
 * ({@code page.Views}) shows each in a section of its own.
 */
public enum CurveRole {
    /** The experiment's own curve: arm {@code main} in the first order and the first template. */
    MAIN(""),
    /** Any other arm, order or template. */
    CONTROL("control.");

    private final String prefix;

    CurveRole(String prefix) {
        this.prefix = prefix;
    }

    /** The value of the tag {@link Tags#CURVE}. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The name under which a run of this role logs a metric of its curve.
     *
     * @param name as in {@code accuracy} or {@code accuracy.low}
     */
    public String metric(String name) {
        return prefix + name;
    }

    /** The metric's name without what a role has put before it. */
    public static String plain(String metric) {
        return metric.startsWith(CONTROL.prefix) ? metric.substring(CONTROL.prefix.length()) : metric;
    }
}
