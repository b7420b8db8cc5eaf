package org.dualform.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.dualform.contract.DualformException;

/** Collects the results of checks, so that one that fails does not hide the next. */
public final class CheckList {
    private final List<Check> checks = new ArrayList<>();

    public void good(String what, String found) {
        checks.add(new Check(what, found, ""));
    }

    public void bad(String what, String found, String wayOut) {
        checks.add(new Check(what, found, wayOut));
    }

    public void judge(String what, String found, boolean good, String wayOut) {
        checks.add(new Check(what, found, good ? "" : wayOut));
    }

    /** Asks something; the answer is good, and a failure's sentence is the way out. */
    public void asked(String what, Supplier<String> question) {
        attempt(what, () -> good(what, question.get()));
    }

    /** Looks at something that may fail; the failure's sentence is the way out. */
    public void attempt(String what, Runnable look) {
        try {
            look.run();
        } catch (DualformException e) {
            bad(what, "no answer", e.getMessage() + "");
        }
    }

    public List<Check> all() {
        return List.copyOf(checks);
    }
}
