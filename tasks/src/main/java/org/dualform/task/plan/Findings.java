package org.dualform.task.plan;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.DualformException;
import org.dualform.contract.ExitCode;
import org.dualform.contract.Mistakes;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.spec.Draft;
import org.jspecify.annotations.Nullable;

/** Collects the findings of planning: mistakes, warnings, and whether a hub could not be reached. */
final class Findings {
    private final ExitCode exitCode;
    private final Mistakes mistakes;
    /** Whether every mistake so far is one of the machine's configuration. */
    private boolean configuration = true;

    private final List<String> warnings = new ArrayList<>();
    private @Nullable TransientException away;

    /** Begins with the mistakes of the spec. */
    Findings(Draft draft) {
        exitCode = draft.isRight() ? ExitCode.DATA : ExitCode.USAGE;
        mistakes = new Mistakes(exitCode);
        draft.mistakes().forEach(mistakes::add);
    }

    Mistakes mistakes() {
        return mistakes;
    }

    void mistake(String sentence) {
        configuration = false;
        mistakes.add(sentence);
    }

    void mistakesOf(UserException refusal) {
        configuration &= refusal.exitCode() == ExitCode.CONFIG;
        refusal.mistakes().forEach(mistakes::add);
    }

    List<String> warnings() {
        return warnings;
    }

    /** Says a sentence once, however many templates or seeds it is true of. */
    void warn(String sentence) {
        if (!warnings.contains(sentence)) warnings.add(sentence);
    }

    /** A step that may find something wrong. */
    interface Lookup<T> {
        T get() throws IOException;
    }

    /** Looks something up and keeps its mistakes. An unreachable hub must not hide the mistakes. */
    <T> Optional<T> find(Lookup<T> lookup) throws IOException {
        try {
            return Optional.of(lookup.get());
        } catch (UserException e) {
            mistakesOf(e);
        } catch (TransientException e) {
            away = e;
        }
        return Optional.empty();
    }

    /** True if a hub could not be reached. */
    boolean isHubAway() {
        return away != null;
    }

    /** A proxy that cannot be used is no fault of the data. Beside other mistakes these decide. */
    private ExitCode code() {
        return exitCode == ExitCode.DATA && configuration ? ExitCode.CONFIG : exitCode;
    }

    /** The reason why there is no plan: all mistakes together, or else the hub that could not be reached. */
    DualformException reason() {
        if (!mistakes.isEmpty()) return UserException.all(code(), mistakes.found());
        if (away != null) return away;
        throw new IllegalStateException("something was not found, and no mistake says why");
    }
}
