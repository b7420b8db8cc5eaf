package org.dualform.mlflow.value;

/**
 * One value of a metric. MLflow keeps NaN, but stores an infinite value as ±1.8e308; an infinite value is therefore kept
 * as a tag instead.
 *
 * @param key any text; {@link KeyCodec} makes MLflow's key of it
 * @param step the number of shots in curve and comparison runs
 */
public record MetricPoint(String key, double value, long step) {
    public boolean isInfinite() {
        return Double.isInfinite(value);
    }

    /** Equal as MLflow keeps it: every NaN is the same. */
    public boolean sameValue(double other) {
        return value == other || (Double.isNaN(value) && Double.isNaN(other));
    }

    /** The name of the tag that holds an infinite value. */
    public String infiniteTag() {
        return "infinite." + key + "." + step;
    }
}
