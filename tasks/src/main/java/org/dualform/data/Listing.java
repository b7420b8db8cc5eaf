package org.dualform.data;

import java.util.ArrayList;
import java.util.List;

/** Keeps a list of mistakes readable. */
final class Listing {
    private static final int SHOWN = 20;

    private Listing() {}

    /** The first twenty, and how many more there are. */
    static List<String> capped(List<String> mistakes) {
        if (mistakes.size() <= SHOWN) return mistakes;
        List<String> shown = new ArrayList<>(mistakes.subList(0, SHOWN));
        shown.add("and " + (mistakes.size() - SHOWN) + " more.");
        return shown;
    }
}
