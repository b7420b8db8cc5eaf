package org.dualform.mlflow.live;

import java.util.function.Supplier;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.ServerErrorException;

/**
 * Tells a call that a server never takes from a server that takes no call. In both cases the answer may be an error of the
 * server's own, or that the caller is not let in; but a server that takes no call answers so to other calls, too. So after
 * such an answer a value that the run has is written once more. If the server takes that, and then does not take the same
 * call again, the call's content is refused for good.
 */
final class Steadily {
    /** From so many refused calls on, it is not worth while to find out which of many items the server cannot take. */
    private static final int MANY = 24;

    private final CurrentRun run;
    private int refused;

    Steadily(CurrentRun run) {
        this.run = run;
    }

    /**
     * Makes a call.
     *
     * @throws PermanentException if the server does not take it twice, but takes other calls meanwhile
     * @throws TransientException if the server is away or in trouble
     * @throws UserException if it lets nobody in
     */
    <T> T ask(Supplier<T> call) {
        try {
            return call.get();
        } catch (ServerErrorException | UserException e) {
            requireWell(e);
        }
        try {
            return call.get();
        } catch (ServerErrorException | UserException e) {
            requireWell(e);
            refused++;
            throw new PermanentException(e.getMessage() + " It takes other calls meanwhile.", e);
        }
    }

    /** As {@link #ask}, for a call without a value. */
    void tell(Runnable call) {
        ask(() -> {
            call.run();
            return true;
        });
    }

    /** Whether so many calls were refused that the rest is not looked at item by item. */
    boolean refusesMany() {
        return refused >= MANY;
    }

    private void requireWell(DualformException e) {
        if (!run.takesWrites()) {
            throw e;
        }
    }
}
