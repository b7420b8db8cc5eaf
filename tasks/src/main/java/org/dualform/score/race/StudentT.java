package org.dualform.score.race;

/** Student's t distribution. The probability is a finite sum (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
final class StudentT {
    private static final int STEPS = 200;

    private StudentT() {}

    /**
     * The value that is exceeded with a probability.
     *
     * @param tail the probability, above 0 and at most 1/2
     * @param freedom degrees of freedom, at least 1
     */
    static double quantile(double tail, int freedom) {
        // Searches the angle arctan(t / √ν), which is bounded where t is not.
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < STEPS; i++) {
            double middle = (low + high) / 2;
            if ((1 - within(middle, freedom)) / 2 > tail) low = middle;
            else high = middle;
        }
        return Math.tan((low + high) / 2) * Math.sqrt(freedom);
    }

    /** The probability that |t| is below √ν·tan(angle). */
    private static double within(double angle, int freedom) {
        double cosine = Math.cos(angle);
        double sum = 0;
        double term = freedom % 2 == 0 ? 1 : cosine;
        for (int i = freedom % 2 == 0 ? 2 : 3; i <= freedom; i += 2) {
            sum += term;
            term *= cosine * cosine * (i - 1) / i;
        }
        double sine = Math.sin(angle);
        return freedom % 2 == 0 ? sine * sum : 2 / Math.PI * (angle + sine * sum);
    }
}
