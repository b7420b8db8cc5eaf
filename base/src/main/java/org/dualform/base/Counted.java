package org.dualform.base;

/** Writes a number of things, for messages. */
public final class Counted {
    private Counted() {}

    /**
     * The number and the thing: {@code 1 shot}, {@code 2 shots}.
     *
     * @param thing in the singular; its plural ends in s
     */
    public static String of(long number, String thing) {
        return of(number, thing, thing + "s");
    }

    /** As {@link #of(long, String)}, for a thing whose plural is another word: {@code 1 pass}, {@code 2 passes}. */
    public static String of(long number, String thing, String things) {
        return number + " " + (number == 1 ? thing : things);
    }
}
