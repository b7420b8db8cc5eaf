package org.dualform.contract;

/** The task was asked to stop (SIGTERM, SIGINT); thrown out of {@link Progress#at}. Neither a failure nor a bug. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("stopped on request");
    }
}
