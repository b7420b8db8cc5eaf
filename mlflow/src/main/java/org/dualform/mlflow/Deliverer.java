package org.dualform.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;

/**
 * Sends a spool's operations, run by run, in order. Stops where the server is away and goes on from there the next time;
 * what it will never take is set aside with the reason and blocks nothing. Several at once do not disturb each other.
 */
public final class Deliverer {
    private final Mlflow mlflow;
    private final Spool spool;
    private final boolean anyServer;

    /** @param anyServer send also what was meant for a server at another address (it has moved) */
    public Deliverer(Mlflow mlflow, Spool spool, boolean anyServer) {
        this.mlflow = mlflow;
        this.spool = spool;
        this.anyServer = anyServer;
    }

    /** Delivers what it can; never throws for the server's sake. */
    public Delivery deliver() {
        Delivery.Counter counter = new Delivery.Counter();
        boolean away = false;
        for (Path run : spool.runs()) {
            away = !deliverRun(run, away, counter);
        }
        return counter.total();
    }

    /** @return false if the server is away */
    private boolean deliverRun(Path run, boolean away, Delivery.Counter counter) {
        boolean wait = away;
        boolean here = !away;
        for (Path folder : spool.sessions(run)) {
            try {
                Optional<SpoolSession> locked = SpoolSession.lock(folder);
                if (locked.isEmpty()) {
                    // Its writer lives, or another delivers it: what came later has to wait for it.
                    wait = true;
                    continue;
                }
                try (SpoolSession session = locked.get()) {
                    Progress progress = wait ? Progress.WAITS : deliverSession(session, counter);
                    if (progress == Progress.ALL) {
                        session.remove();
                    } else {
                        counter.waiting += session.lines().size() - session.done();
                        wait = true;
                        here &= progress != Progress.AWAY;
                    }
                }
            } catch (IOException e) {
                counter.problem("Cannot read or write " + folder + ": " + e.getMessage());
                wait = true;
            }
        }
        try {
            spool.tidy(run);
        } catch (IOException e) {
            counter.problem("Cannot delete " + run + ": " + e.getMessage());
        }
        return here;
    }

    private enum Progress {
        ALL,
        WAITS,
        AWAY
    }

    private Progress deliverSession(SpoolSession session, Delivery.Counter counter) throws IOException {
        List<String> lines = session.lines();
        if (lines.isEmpty()) {
            return Progress.ALL;
        }
        try {
            SpoolSession.Header header = SpoolSession.header(lines.get(0));
            if (!anyServer && !header.server().equals(mlflow.server().base().toString())) {
                counter.problem("Something waits for the server at " + header.server() + ", not for this one.");
                return Progress.WAITS;
            }
            LiveRun live = LiveRun.open(mlflow, header.run(), spool.scratch());
            for (int i = Math.max(1, session.done()); i < lines.size(); i++) {
                deliverLine(session, live, lines.get(i), i, counter);
                session.done(i + 1);
            }
            live.restoreStatus();
            return Progress.ALL;
        } catch (TransientException e) {
            counter.problem(reason(e));
            return Progress.AWAY;
        } catch (UserException e) {
            counter.problem(reason(e));
            return Progress.WAITS;
        } catch (PermanentException | JsonProcessingException | IllegalArgumentException e) {
            // The run itself cannot be: nothing of the session can.
            for (int i = Math.max(1, session.done()); i < lines.size(); i++) {
                setAside(session, lines.get(i), i, reason(e), counter);
            }
            return Progress.ALL;
        }
    }

    private void deliverLine(SpoolSession session, LiveRun live, String line, int i, Delivery.Counter counter)
            throws IOException {
        try {
            Operation operation = session.operation(line);
            if (operation instanceof Operation.PutFile put && !Files.exists(put.file())) {
                throw new PermanentException("Its file " + put.file() + " is gone.", null);
            }
            live.apply(operation);
            counter.delivered++;
        } catch (PermanentException | JsonProcessingException | IllegalArgumentException e) {
            setAside(session, line, i, reason(e), counter);
        }
    }

    private void setAside(SpoolSession session, String line, int i, String reason, Delivery.Counter counter)
            throws IOException {
        Path folder = Files.createDirectories(
                spool.aside().resolve(session.folder().getFileName() + "-" + String.format("%05d", i)));
        Files.writeString(folder.resolve("reason.txt"), reason + "\n");
        Files.writeString(folder.resolve("run.json"), session.lines().get(0) + "\n");
        Files.writeString(folder.resolve("operation.json"), line + "\n");
        keepFile(session, line, folder);
        counter.aside.add(folder.toString());
        counter.problem(reason);
    }

    private static void keepFile(SpoolSession session, String line, Path folder) throws IOException {
        try {
            if (session.operation(line) instanceof Operation.PutFile put && Files.exists(put.file())) {
                Files.move(put.file(), folder.resolve(put.file().getFileName()));
            }
        } catch (JsonProcessingException e) {
            // Not readable as an operation: the line itself is kept.
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
