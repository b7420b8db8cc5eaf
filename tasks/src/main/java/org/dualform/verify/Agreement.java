package org.dualform.verify;

/**
 * How far a group of values is from its reference.
 *
 * @param group the group's name, such as {@code logits} or {@code ft.losses}
 * @param values the number of values compared
 * @param difference the largest absolute difference; infinite if shapes differ, or if only one of two values is a
 *     number
 * @param tolerance the largest difference that counts as agreement
 */
public record Agreement(String group, long values, double difference, double tolerance) {
    public boolean agrees() {
        return difference <= tolerance;
    }

    Agreement and(Agreement other) {
        return new Agreement(group, values + other.values, Math.max(difference, other.difference), tolerance);
    }

    /** Compares two rows of values. NaN in the reference stands for a value that is not compared. */
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
