package org.dualform.data;

import java.util.ArrayList;
import java.util.List;

/** Shortens a list of mistakes for people. */
final class Listing {
    private static final int SHOWN = 20;

    private Listing() {}

    /** The first twenty mistakes, and the number of the others. */
    static List<String> capped(List<String> mistakes) {
        if (mistakes.size() <= SHOWN) return mistakes;
        List<String> shown = new ArrayList<>(mistakes.subList(0, SHOWN));
        shown.add("and " + (mistakes.size() - SHOWN) + " more.");
        return shown;
    }
}
