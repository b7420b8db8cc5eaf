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

/** What planning has to tell: mistakes, warnings, and that a hub could not be asked. */
final class Findings {
    private final ExitCode exitCode;
    private final Mistakes mistakes;
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
        mistakes.add(sentence);
    }

    void mistakesOf(UserException refusal) {
        refusal.mistakes().forEach(mistakes::add);
    }

    List<String> warnings() {
        return warnings;
    }

    void warn(String sentence) {
        warnings.add(sentence);
    }

    /** A step that may find something wrong. */
    interface Lookup<T> {
        T get() throws IOException;
    }

    /** Looks something up, and keeps what is wrong with it. A hub that is away must not hide the mistakes. */
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

    /** Whether a hub could not be asked for something. */
    boolean isHubAway() {
        return away != null;
    }

    /** Why there is no plan where something was not found: all mistakes together, or else the hub that was away. */
    DualformException reason() {
        if (!mistakes.isEmpty()) return UserException.all(exitCode, mistakes.found());
        if (away != null) return away;
        throw new IllegalStateException("something was not found, and no mistake says why");
    }
}
