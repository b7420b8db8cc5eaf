package org.dualform.task.progress;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.dualform.base.Sha256;
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
    /** A line then has less than 16 KB, at which the log drivers of containers cut: 3 bytes a character at most. */
    private static final int LONGEST_PIECE = 4000;

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

    /** Hands the result to the caller in events, each with a piece of the text. One that lacks a piece is none. */
    public synchronized void result(String text) {
        List<String> pieces = pieces(text);
        String hash = Sha256.hex(text);
        for (int i = 0; i < pieces.size(); i++) {
            emit(event("result")
                    .put("part", i + 1)
                    .put("parts", pieces.size())
                    .put("sha256", hash)
                    .put("text", pieces.get(i)));
        }
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

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0, end; start < text.length(); start = end) {
            end = Math.min(text.length(), start + LONGEST_PIECE);
            // The two halves of one character stay together, because neither can be written in UTF-8 alone.
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) end--;
            pieces.add(text.substring(start, end));
        }
        return pieces;
    }

    private static ObjectNode event(String name) {
        return JsonNodeFactory.instance.objectNode().put("event", name);
    }

    private void emit(ObjectNode event) {
        out.println(PREFIX + Json.write(event));
        out.flush();
    }
}
