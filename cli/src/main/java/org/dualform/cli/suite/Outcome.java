package org.dualform.cli.suite;

/**
 * How one test or check ended.
 *
 * @param name of the test, with its class or file
 * @param detail why it was skipped or what failed, in one line; empty if it passed
 * @param where to read more: a report or a log; empty if it passed
 */
record Outcome(Verdict verdict, String name, String detail, String where) {
    enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }

    static Outcome passed(String name) {
        return new Outcome(Verdict.PASSED, name, "", "");
    }

    static Outcome failed(String name, String detail, String where) {
        return new Outcome(Verdict.FAILED, name, firstLine(detail), where);
    }

    static Outcome skipped(String name, String reason) {
        return new Outcome(Verdict.SKIPPED, name, firstLine(reason), "");
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("").strip();
    }
}
