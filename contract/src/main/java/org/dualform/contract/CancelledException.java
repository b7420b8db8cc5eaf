package org.dualform.contract;

/** The task was asked to stop (SIGTERM, SIGINT). {@link Progress#at} throws it; it is neither a failure nor a bug. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("stopped on request");
    }
}
