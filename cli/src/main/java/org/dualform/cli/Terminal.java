package org.dualform.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.dualform.task.ProgressLine;
import org.dualform.task.TaskEvents;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Progress for a person: one line that is rewritten on a terminal, now and then a plain line elsewhere. */
final class Terminal implements TaskEvents, AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PLAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean interactive;
    private long next = System.nanoTime();
    private boolean drawn;

    private Terminal(PrintWriter out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
        if (!interactive) next += PLAIN_NANOS;
    }

    /** Rewrites a line if this process has a terminal that can. */
    static Terminal on(PrintWriter out) {
        return new Terminal(out, Ansi.AUTO.enabled());
    }

    @Override
    public synchronized void run(String runId, String url) {
        info("MLflow: " + url);
    }

    @Override
    public synchronized void progress(String what, long done, long total, @Nullable Duration eta) {
        long now = System.nanoTime();
        if (now < next) return;
        next = now + (interactive ? REDRAW_NANOS : PLAIN_NANOS);
        String line = ProgressLine.sentence(what, done, total, eta);
        if (interactive) out.print(CLEAR_LINE + line);
        else out.println(line);
        drawn = interactive;
        out.flush();
    }

    @Override
    public synchronized void info(String line) {
        close();
        out.println(line);
        out.flush();
    }

    /** Clears the rewritten line. */
    @Override
    public synchronized void close() {
        if (drawn) out.print(CLEAR_LINE);
        drawn = false;
        out.flush();
    }
}
