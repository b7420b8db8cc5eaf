package org.dualform.cli.workflow.control;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dualform.contract.ExitCode;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/** Collects the mistakes of several checks, so that a person sees all of them at once. */
public final class AllMistakes {
    private final Set<String> found = new LinkedHashSet<>();
    private @Nullable ExitCode code;

    /** A check that gives what it checked. */
    public interface Check<T> {
        T get() throws IOException;
    }

    /** Adds a wrong option. */
    public void add(String mistake) {
        found.add(mistake);
        code = ExitCode.USAGE;
    }

    /** Runs a check and keeps its mistakes; empty if it found any. */
    public <T> Optional<T> collect(Check<T> check) throws IOException {
        try {
            return Optional.of(check.get());
        } catch (UserException e) {
            found.addAll(e.mistakes());
            code = code == ExitCode.USAGE ? ExitCode.USAGE : e.exitCode();
            return Optional.empty();
        }
    }

    /** Throws one exception that names all mistakes. A wrong option decides the exit code before wrong data does. */
    public void throwIfAny() {
        if (code != null) throw UserException.all(code, List.copyOf(found));
    }
}
