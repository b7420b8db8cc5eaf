package org.dualform.task.progress;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * The protocol on a task's standard output. Lines that begin with {@code @dualform}, followed by one JSON object, are for
 * the caller; all others are a log for people. Progress is for the caller, who shows it: at most once a second, and always
 * at the beginning and the end of a phase.
 */
public final class ProtocolEvents implements TaskEvents {
    private static final String PREFIX = "@dualform ";
    private static final long PROTOCOL_NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final LongSupplier clock;
    private String phase = "";
    private long nextProtocol = Long.MIN_VALUE;

    public ProtocolEvents(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.clock = nanoTime;
    }

    @Override
    public synchronized void run(String runId, String url) {
        emit(event("run").put("run_id", runId).put("url", url));
    }

    @Override
    public synchronized void progress(String what, long done, long total, @Nullable Duration eta) {
        long now = clock.getAsLong();
        boolean end = done >= total;
        if (!what.equals(phase) || end || now >= nextProtocol) {
            ObjectNode event =
                    event("progress").put("what", what).put("done", done).put("total", total);
            if (eta == null) event.putNull("eta_s");
            else event.put("eta_s", eta.toMillis() / 1000.0);
            emit(event);
            nextProtocol = now + PROTOCOL_NANOS;
        }
        phase = what;
    }

    @Override
    public synchronized void link(String page, String url) {
        emit(event("link").put("page", page).put("url", url));
    }

    @Override
    public synchronized void cell(String cell, String status, String message) {
        emit(event("cell").put("cell", cell).put("status", status).put("message", message));
    }

    @Override
    public synchronized void info(String line) {
        out.println(line);
        out.flush();
    }

    private static ObjectNode event(String name) {
        return JsonNodeFactory.instance.objectNode().put("event", name);
    }

    private void emit(ObjectNode event) {
        out.println(PREFIX + Json.write(event));
        out.flush();
    }
}
