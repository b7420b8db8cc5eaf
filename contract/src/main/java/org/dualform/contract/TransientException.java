package org.dualform.contract;

import org.jspecify.annotations.Nullable;

/** May succeed when tried again: a server away, a port taken for a moment. */
public final class TransientException extends DualformException {
    private static final long serialVersionUID = 1L;

    public TransientException(String message, @Nullable Throwable cause) {
        super(ExitCode.TRY_AGAIN, message, cause);
    }
}
