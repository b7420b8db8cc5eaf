package org.dualform.contract;

import org.jspecify.annotations.Nullable;

/**
 * Every failure that Dualform foresees, by what the caller can do about it. Anything else that is thrown is a bug. The
 * message is one or more whole sentences. They state the rule, the value and what to do.
 */
public abstract sealed class DualformException extends RuntimeException
        permits UserException, TransientException, PermanentException {
    private static final long serialVersionUID = 1L;
    private final ExitCode exitCode;

    DualformException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public final ExitCode exitCode() {
        return exitCode;
    }
}
