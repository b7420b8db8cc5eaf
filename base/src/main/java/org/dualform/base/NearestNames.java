package org.dualform.base;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the known names that a misspelt name most likely meant, by edit distance. */
public final class NearestNames {
    private static final int SHOWN = 3;

    private NearestNames() {}

    /**
     * A hint for an error message, without its full stop: {@code did you mean sst2 or sst5}. Where no name is near it
     * lists all: {@code known are: …}.
     */
    public static String hint(String name, Collection<String> known) {
        List<String> near = of(name, known);
        if (!near.isEmpty()) return "did you mean " + String.join(" or ", near);
        return known.isEmpty() ? "none are known" : "known are: " + String.join(", ", known);
    }

    /**
     * At most three known names, nearest first. A name counts as near if it takes no more edits than a third of its
     * length, or two for short names.
     */
    public static List<String> of(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int allowed = Math.max(2, wanted.length() / 3);
        List<Candidate> near = new ArrayList<>();
        for (String candidate : known) {
            int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT));
            if (edits <= allowed && edits < wanted.length()) near.add(new Candidate(candidate, edits));
        }
        near.sort(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name));
        return near.stream().limit(SHOWN).map(Candidate::name).toList();
    }

    private record Candidate(String name, int edits) {}

    /** The Levenshtein distance of two texts. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
