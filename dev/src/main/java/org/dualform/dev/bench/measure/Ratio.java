package org.dualform.dev.bench.measure;

import java.util.function.DoublePredicate;

/**
 * What a benchmark found: one quantity divided by another, both measured in one run.
 *
 * @param what what was divided by what
 * @param value over the rounds
 * @param bound the bound that its median should keep, as {@code "at most 1.05"}; empty if it has none
 * @param kept whether it does
 * @param sides both sides, as a person reads them
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
