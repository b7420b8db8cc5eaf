package org.dualform.verify;

/**
 * How far a group of values is from its reference.
 *
 * @param group as {@code logits} or {@code ft.losses}
 * @param values how many were compared
 * @param difference the largest absolute difference; infinite where only one of two is a number, or shapes differ
 * @param tolerance the largest that agrees
 */
public record Agreement(String group, long values, double difference, double tolerance) {
    public boolean agrees() {
        return difference <= tolerance;
    }

    Agreement and(Agreement other) {
        return new Agreement(group, values + other.values, Math.max(difference, other.difference), tolerance);
    }

    /** Compares two rows of values. NaN in the reference means that there is nothing to compare. */
    static Agreement of(String group, double[] own, double[] reference, double tolerance) {
        double worst = own.length == reference.length ? 0 : Double.POSITIVE_INFINITY;
        long compared = 0;
        for (int i = 0; i < Math.min(own.length, reference.length); i++) {
            if (Double.isNaN(reference[i])) continue;
            compared++;
            double difference = own[i] == reference[i] ? 0 : Math.abs(own[i] - reference[i]);
            worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return new Agreement(group, compared, worst, tolerance);
    }
}
