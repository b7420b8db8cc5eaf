package org.dualform.dev.suite;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.dev.suite.TestOutcome.Verdict;

/** Collects the outcomes of tests and checks, and prints the summary. */
public final class Tally {
    private final List<TestOutcome> outcomes = new ArrayList<>();

    void add(TestOutcome outcome) {
        outcomes.add(outcome);
    }

    void addAll(List<TestOutcome> more) {
        outcomes.addAll(more);
    }

    long count(Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
    }

    /** True if something passed and nothing failed. A run without any test proves nothing. */
    public boolean isGood() {
        return count(Verdict.FAILED) == 0 && count(Verdict.PASSED) > 0;
    }

    /** Prints the skipped tests by reason, the failed ones with the file to read, and last a line with the totals. */
    public void print(PrintWriter out) {
        Map<String, List<String>> skipped = new TreeMap<>();
        of(Verdict.SKIPPED)
                .forEach(outcome -> skipped.computeIfAbsent(outcome.detail(), reason -> new ArrayList<>())
                        .add(outcome.name()));
        skipped.forEach((reason, names) -> {
            out.println("skipped: " + reason);
            names.forEach(name -> out.println("  " + name));
        });
        of(Verdict.FAILED).forEach(outcome -> {
            out.println("FAILED: " + outcome.name());
            out.println("  " + outcome.detail());
            out.println("  more in " + outcome.where());
        });
        if (count(Verdict.PASSED) + count(Verdict.FAILED) == 0) {
            out.println("No test ran: that is a failure too.");
        }
        out.println(count(Verdict.PASSED) + " passed, " + count(Verdict.FAILED) + " failed, " + count(Verdict.SKIPPED)
                + " skipped");
        out.flush();
    }

    private List<TestOutcome> of(Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).toList();
    }
}
