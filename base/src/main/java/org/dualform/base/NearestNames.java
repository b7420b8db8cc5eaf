package org.dualform.base;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which of the known names someone most likely meant. */
public final class NearestNames {
    private static final int SHOWN = 3;

    private NearestNames() {}

    /**
     * The way out of a wrong name, as a sentence without its full stop: {@code did you mean sst2 or sst5}, or, where
     * nothing is near, {@code known are: …}.
     */
    public static String hint(String name, Collection<String> known) {
        List<String> near = of(name, known);
        if (!near.isEmpty()) return "did you mean " + String.join(" or ", near);
        return known.isEmpty() ? "none are known" : "known are: " + String.join(", ", known);
    }

    /** At most three known names within a third of the length in edits (at least two), nearest first. */
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

    /** Levenshtein distance. */
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
