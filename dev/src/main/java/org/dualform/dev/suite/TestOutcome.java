package org.dualform.dev.suite;

/**
 * The outcome of one test or check.
 *
 * @param name the name of the test, with its class or file
 * @param detail the reason why it was skipped or failed, in one line; empty if it passed
 * @param where the report or log to read; empty if it passed
 */
record TestOutcome(Verdict verdict, String name, String detail, String where) {
    enum Verdict {
        PASSED,
        FAILED,
        SKIPPED
    }

    static TestOutcome passed(String name) {
        return new TestOutcome(Verdict.PASSED, name, "", "");
    }

    static TestOutcome failed(String name, String detail, String where) {
        return new TestOutcome(Verdict.FAILED, name, firstLine(detail), where);
    }

    static TestOutcome skipped(String name, String reason) {
        return new TestOutcome(Verdict.SKIPPED, name, firstLine(reason), "");
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("").strip();
    }
}
