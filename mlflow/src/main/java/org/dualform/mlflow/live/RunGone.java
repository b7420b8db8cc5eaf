package org.dualform.mlflow.live;

/** The run has been deleted, or holds other values and has been superseded. What was said to it is said to another. */
final class RunGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunGone(String message) {
        super(message, null, false, false);
    }
}
