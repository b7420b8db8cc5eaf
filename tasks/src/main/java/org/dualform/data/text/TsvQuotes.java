package org.dualform.data.text;

import java.util.List;
import java.util.Optional;

/**
 * The quote marks of a TSV file. They are marks of a program, not text, if the header's names stand in quotes; if every
 * value of a column does; or if every value that holds a quote mark stands in quotes and those inside are doubled.
 */
final class TsvQuotes {
    private static final int FEWEST_ROWS = 2;
    private final String evidence;
    private final int whole;
    private final int firstWhole;

    private TsvQuotes(String evidence, int whole, int firstWhole) {
        this.evidence = evidence;
        this.whole = whole;
        this.firstWhole = firstWhole;
    }

    /** @param lines the values of each line, of which the first is the header */
    static TsvQuotes of(List<List<String>> lines) {
        int whole = 0;
        int firstWhole = 0;
        boolean odd = false;
        boolean doubled = false;
        for (int i = 1; i < lines.size(); i++) {
            for (String value : lines.get(i)) {
                if (value.indexOf('"') < 0) continue;
                if (isQuoted(value)) {
                    whole++;
                    if (firstWhole == 0) firstWhole = i + 1;
                    doubled |= value.substring(1, value.length() - 1).contains("\"\"");
                } else odd = true;
            }
        }
        return new TsvQuotes(evidence(lines, !odd && doubled), whole, firstWhole);
    }

    private static String evidence(List<List<String>> lines, boolean doubled) {
        if (lines.isEmpty()) return "";
        if (lines.get(0).stream().allMatch(TsvQuotes::isQuoted)) return "the header's names stand in quotes";
        for (int column = 0; lines.size() > FEWEST_ROWS && column < lines.get(0).size(); column++)
            if (isQuoted(lines.subList(1, lines.size()), column))
                return "every value of the column " + lines.get(0).get(column) + " stands in quotes";
        return doubled ? "all quote marks inside of quotes are doubled" : "";
    }

    private static boolean isQuoted(List<List<String>> rows, int column) {
        return rows.stream().allMatch(row -> column < row.size() && isQuoted(row.get(column)));
    }

    /** Whether a value stands in quotes, with those inside doubled. */
    private static boolean isQuoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) return false;
        return !value.substring(1, value.length() - 1).replace("\"\"", "").contains("\"");
    }

    /** Whether quotes are to be read as in CSV. */
    boolean areMarks() {
        return !evidence.isEmpty();
    }

    /** Why they are, as a clause. */
    String evidence() {
        return evidence;
    }

    /** The number of values that stand in quotes. */
    int whole() {
        return whole;
    }

    /** The line of the first of them. */
    Optional<Integer> firstWhole() {
        return firstWhole == 0 ? Optional.empty() : Optional.of(firstWhole);
    }

    /** Whether a line looks as if a quoted value went on in the next. */
    boolean isCut(List<String> values) {
        String last = values.get(values.size() - 1);
        return last.startsWith("\"") && !isQuoted(last);
    }
}
