package org.dualform.contract;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the user's mistakes, so that one exception names all of them, each once. */
public final class Mistakes {
    private final ExitCode exitCode;
    private final Set<String> found = new LinkedHashSet<>();

    /** @param exitCode the exit code of the exception for them: 64, 65 or 78 */
    public Mistakes(ExitCode exitCode) {
        this.exitCode = exitCode;
    }

    /** @param mistake a whole sentence that states the rule, the value and what to do */
    public void add(String mistake) {
        found.add(mistake);
    }

    /** Runs {@code check} and keeps the user's mistakes it throws, if any. */
    public void collect(Runnable check) {
        try {
            check.run();
        } catch (UserException e) {
            found.addAll(e.mistakes());
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Each mistake once, in the order they were found. */
    public List<String> found() {
        return List.copyOf(found);
    }

    /** Throws one exception that names all mistakes; does nothing if there are none. */
    public void throwIfAny() {
        if (!found.isEmpty()) throw UserException.all(exitCode, List.copyOf(found));
    }
}
