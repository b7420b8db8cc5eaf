package org.dualform.mlflow.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.mlflow.server.Mlflow;

/**
 * Delivers a spool: run by run, in the order in which things were said. If the server is away, the delivery stops and
 * goes on from there the next time. What the server will never take is set aside with the reason, and hinders nothing
 * else. Several deliverers at once do not disturb each other.
 */
public final class Deliverer {
    private final Mlflow mlflow;
    private final Spool spool;
    private final boolean anyServer;

    /** @param anyServer deliver also what was meant for a server at another address, because the server has moved */
    public Deliverer(Mlflow mlflow, Spool spool, boolean anyServer) {
        this.mlflow = mlflow;
        this.spool = spool;
        this.anyServer = anyServer;
    }

    /** Delivers what can be delivered. No failure of the server is thrown. */
    public Delivery deliver() {
        Delivery.Counter counter = new Delivery.Counter();
        boolean here = true;
        for (Path run : spool.runs()) {
            here = deliverRun(run, here, counter);
        }
        return counter.total();
    }

    /**
     * Delivers the sessions of a run, until one of them has to wait: the later ones then wait behind it.
     *
     * @return whether the server is still here
     */
    private boolean deliverRun(Path run, boolean here, Delivery.Counter counter) {
        boolean wait = !here;
        boolean stillHere = here;
        for (Path folder : spool.sessions(run)) {
            try {
                SessionDelivery.Progress progress = deliverSession(folder, wait, counter);
                wait |= progress != SessionDelivery.Progress.ALL;
                stillHere &= progress != SessionDelivery.Progress.AWAY;
            } catch (IOException | UncheckedIOException e) {
                counter.problem("Cannot read or write " + folder + ": " + e.getMessage());
                wait = true;
            }
        }
        try {
            spool.tidy(run);
        } catch (IOException e) {
            counter.problem("Cannot delete " + run + ": " + e.getMessage());
        }
        return stillHere;
    }

    private SessionDelivery.Progress deliverSession(Path folder, boolean wait, Delivery.Counter counter)
            throws IOException {
        Optional<SpoolSession> locked = SpoolSession.lock(folder);
        if (locked.isEmpty()) {
            // Its writer lives, or another deliverer has it.
            return SessionDelivery.Progress.WAITS;
        }
        try (SpoolSession session = locked.get()) {
            SessionDelivery.Progress progress = wait
                    ? SessionDelivery.Progress.WAITS
                    : new SessionDelivery(mlflow, spool, session, counter).deliver(anyServer);
            if (progress == SessionDelivery.Progress.ALL) {
                session.remove();
            } else {
                counter.waiting += session.log().lines().size() - session.log().done();
            }
            return progress;
        }
    }
}
