package org.dualform.contract;

/** Exit codes of {@code dualform-task} and {@code dualform}; 64, 65, 75 and 78 are those of sysexits.h. */
public enum ExitCode {
    DONE(0),
    /** A bug of ours: a stack trace is printed. */
    BUG(70),
    /** Wrong command line or request. */
    USAGE(64),
    /** Wrong input data: model, data set, template, records. */
    DATA(65),
    /** The task failed for good, though nobody made a mistake (disk full, say). */
    PERMANENT(71),
    /** May succeed when tried again. */
    TRY_AGAIN(75),
    /** Wrong configuration: environment, server address, Java or Python version. */
    CONFIG(78),
    SKIP(99),
    INTERRUPTED(130),
    TERMINATED(143);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
