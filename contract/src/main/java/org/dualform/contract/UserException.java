package org.dualform.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mistake of the user's. It is never retried, and it is printed without a stack trace. */
public final class UserException extends DualformException {
    private static final long serialVersionUID = 1L;
    private final List<String> mistakes;

    private UserException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(exitCode, message, cause);
        this.mistakes = List.of(message);
    }

    private UserException(ExitCode exitCode, List<String> mistakes) {
        super(exitCode, told(mistakes), null);
        this.mistakes = List.copyOf(mistakes);
    }

    private static String told(List<String> mistakes) {
        return mistakes.size() == 1
                ? mistakes.get(0)
                : mistakes.size() + " mistakes:\n  - " + String.join("\n  - ", mistakes);
    }

    /** Each mistake by itself. */
    public List<String> mistakes() {
        return mistakes;
    }

    /** A wrong option or parameter (64). */
    public static UserException usage(String message) {
        return new UserException(ExitCode.USAGE, message, null);
    }

    /** Wrong input data: a model, a data set, a template, a record (65). */
    public static UserException data(String message) {
        return new UserException(ExitCode.DATA, message, null);
    }

    /** As {@link #data(String)}, with the exception that revealed it. */
    public static UserException data(String message, Throwable cause) {
        return new UserException(ExitCode.DATA, message, cause);
    }

    /** Wrong configuration of the machine or the servers (78). */
    public static UserException config(String message) {
        return new UserException(ExitCode.CONFIG, message, null);
    }

    /** Several mistakes of one kind, reported at once; {@code mistakes} must not be empty. */
    public static UserException all(ExitCode exitCode, List<String> mistakes) {
        return new UserException(exitCode, mistakes);
    }
}
