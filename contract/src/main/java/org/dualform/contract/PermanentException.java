package org.dualform.contract;

import org.jspecify.annotations.Nullable;

/** Will fail again in the same way, though nobody made a mistake in the request: disk full, too little memory. */
public final class PermanentException extends DualformException {
    private static final long serialVersionUID = 1L;

    public PermanentException(String message, @Nullable Throwable cause) {
        super(ExitCode.PERMANENT, message, cause);
    }
}
