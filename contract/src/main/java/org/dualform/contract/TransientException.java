package org.dualform.contract;

import org.jspecify.annotations.Nullable;

/** The task may succeed when it is tried again: a server did not answer, a port was taken for a moment. */
public non-sealed class TransientException extends DualformException {
    private static final long serialVersionUID = 1L;

    public TransientException(String message, @Nullable Throwable cause) {
        super(ExitCode.TRY_AGAIN, message, cause);
    }
}
