package org.dualform.contract;

import org.jspecify.annotations.Nullable;

/** The task will fail again in the same way, though the request has no mistake: the disk is full, memory is short. */
public final class PermanentException extends DualformException {
    private static final long serialVersionUID = 1L;

    public PermanentException(String message, @Nullable Throwable cause) {
        super(ExitCode.PERMANENT, message, cause);
    }
}
