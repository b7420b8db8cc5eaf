package org.dualform.mlflow;

/**
 * One value of a metric. NaN is kept; an infinite value becomes a tag, since MLflow would store ±1.8e308.
 *
 * @param step the number of shots in curve and comparison runs
 */
public record MetricPoint(String key, double value, long step) {
    boolean infinite() {
        return Double.isInfinite(value);
    }

    /** Equal as MLflow keeps it: all NaN are one. */
    boolean sameValue(double other) {
        return value == other || (Double.isNaN(value) && Double.isNaN(other));
    }

    /** The tag that holds an infinite value. */
    String infiniteTag() {
        return Names.clean("infinite." + key + "." + step);
    }
}
