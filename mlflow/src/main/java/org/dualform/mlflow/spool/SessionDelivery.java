package org.dualform.mlflow.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.dualform.contract.DualformException;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.live.LiveRun;
import org.dualform.mlflow.live.Operation;
import org.dualform.mlflow.live.Refusals;
import org.dualform.mlflow.server.Mlflow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The delivery of one session: its operations in order, from the first that has not been delivered. */
final class SessionDelivery {
    /** How far the delivery came. */
    enum Progress {
        /** Everything is delivered or set aside. */
        ALL,
        /** The rest waits for something other than the server's return. */
        WAITS,
        /** The server fails on this run, but answers otherwise. */
        FAILS,
        /** The server is away. */
        AWAY
    }

    private static final Logger LOG = LoggerFactory.getLogger(SessionDelivery.class);

    private final Mlflow mlflow;
    private final Spool spool;
    private final SpoolSession session;
    private final Delivery.Counter counter;

    SessionDelivery(Mlflow mlflow, Spool spool, SpoolSession session, Delivery.Counter counter) {
        this.mlflow = mlflow;
        this.spool = spool;
        this.session = session;
        this.counter = counter;
    }

    /** @param anyServer deliver also what was meant for a server at another address */
    Progress deliver(boolean anyServer) throws IOException {
        List<String> lines = session.log().lines();
        if (lines.isEmpty()) {
            return Progress.ALL;
        }
        try {
            SpoolLog.Header header = SpoolLog.header(lines.get(0));
            if (!anyServer && !header.server().equals(mlflow.server().base().toString())) {
                counter.problem("Something waits for the server at " + header.server() + ", not for this one.");
                return Progress.WAITS;
            }
            deliver(header, lines);
            return Progress.ALL;
        } catch (TransientException e) {
            counter.problem(reason(e));
            return answers() ? Progress.FAILS : Progress.AWAY;
        } catch (UserException e) {
            counter.problem(reason(e));
            return Progress.WAITS;
        } catch (PermanentException | JsonProcessingException | IllegalArgumentException e) {
            // The run itself cannot be: nothing that is said about it can be delivered.
            for (int i = next(); i < lines.size(); i++) {
                setAside(lines, i, reason(e));
            }
            return Progress.ALL;
        }
    }

    private boolean answers() {
        try {
            mlflow.check();
            return true;
        } catch (DualformException e) {
            return false;
        }
    }

    private void deliver(SpoolLog.Header header, List<String> lines) throws IOException {
        Refusals refusals = new Refusals((item, reason) -> setAside(header, item, reason));
        LiveRun live = LiveRun.reopen(mlflow, header.run(), header.opened(), spool.scratch(), refusals);
        if (live.isOutdated()) {
            LOG.info(
                    "A later try has told run {} everything again; what waited of an earlier one is left out.",
                    live.run().id());
            return;
        }
        for (int i = next(); i < lines.size(); i++) {
            deliver(live, lines, i);
            session.log().done(i + 1);
        }
        live.restoreStatus();
    }

    private void deliver(LiveRun live, List<String> lines, int i) throws IOException {
        Operation operation;
        try {
            operation = session.log().operation(lines.get(i));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            setAside(lines, i, reason(e));
            return;
        }
        int before = counter.aside.size();
        live.apply(operation);
        if (counter.aside.size() == before) {
            counter.delivered++;
        }
    }

    /** The first line that has not been delivered; line 0 is the header. */
    private int next() throws IOException {
        return Math.max(1, session.log().done());
    }

    private void setAside(SpoolLog.Header header, Operation item, String reason) {
        try {
            counter.aside(spool.aside().put(header.server(), header.run(), item, reason), reason);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void setAside(List<String> lines, int i, String reason) throws IOException {
        counter.aside(spool.aside().put(session, lines.get(0), i, lines.get(i), reason), reason);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
