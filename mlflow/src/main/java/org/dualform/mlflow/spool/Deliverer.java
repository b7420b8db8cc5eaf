package org.dualform.mlflow.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.mlflow.server.Mlflow;

/**
 * Delivers a spool: run by run, in the order in which things were said. If the server is away, the delivery stops and
 * goes on from there the next time. It also stops after {@value #MOST_FAILING} runs on which the server fails, though it
 * answers otherwise: those runs wait, and the others go on. What the server will never take is set aside with the reason, and hinders nothing
 * else. Several deliverers at once do not disturb each other.
 */
public final class Deliverer {
    private static final int MOST_FAILING = 3;

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
        for (Path run : spool.runs()) {
            deliverRun(run, counter);
        }
        return counter.total();
    }

    /** Delivers the sessions of a run, until one of them has to wait: the later ones then wait behind it. */
    private void deliverRun(Path run, Delivery.Counter counter) {
        boolean wait = counter.away || counter.failing >= MOST_FAILING;
        for (Path folder : spool.sessions(run)) {
            try {
                SessionDelivery.Progress progress = deliverSession(folder, wait, counter);
                wait |= progress != SessionDelivery.Progress.ALL;
                counter.away |= progress == SessionDelivery.Progress.AWAY;
                if (progress == SessionDelivery.Progress.FAILS) {
                    counter.failing++;
                }
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
