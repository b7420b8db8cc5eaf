package org.dualform.dev.bench.measure;

import java.util.function.DoublePredicate;

/**
 * A result of a benchmark: one quantity divided by another, both measured in one run.
 *
 * @param what the description of the ratio: which quantity is divided by which
 * @param value the ratio over the rounds
 * @param bound the bound on its median, such as {@code "at most 1.05"}; empty if it has none
 * @param kept whether the median keeps the bound
 * @param sides both quantities, as text for people
 */
public record Ratio(String what, Spread value, String bound, boolean kept, String sides) {
    public static Ratio atMost(double bound, String what, Spread value, String sides) {
        return bounded("at most " + bound, median -> median <= bound, what, value, sides);
    }

    public static Ratio atLeast(double bound, String what, Spread value, String sides) {
        return bounded("at least " + bound, median -> median >= bound, what, value, sides);
    }

    public static Ratio told(String what, Spread value, String sides) {
        return new Ratio(what, value, "", true, sides);
    }

    private static Ratio bounded(String bound, DoublePredicate keeps, String what, Spread value, String sides) {
        return new Ratio(what, value, bound, keeps.test(value.median()), sides);
    }
}
