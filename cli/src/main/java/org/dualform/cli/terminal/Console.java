package org.dualform.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * Shows a person what is going on. Messages stay, and one line of progress is overwritten. Where the output is not a
 * terminal, the progress line is printed again instead, at most every ten seconds and only if it has changed.
 */
public final class Console {
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final PrintStream out;
    private final boolean terminal;
    private final IntSupplier width;
    private String shown = "";
    private long printedAt = System.nanoTime() - QUIET.toNanos();

    /** @param width columns of the terminal; not asked if there is none */
    public Console(PrintStream out, boolean terminal, IntSupplier width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    /** The console on standard error, so that standard output holds only results. */
    public static Console standard() {
        String kind = System.getenv().getOrDefault("TERM", "dumb");
        // The launcher tells whether it is a terminal. Java's own test requires standard output to be a terminal too.
        boolean terminal = System.getenv("DUALFORM_TERMINAL") != null && !kind.equals("dumb");
        return new Console(
                System.err, terminal, terminal ? TerminalWidth.ofTerminal() : () -> TerminalWidth.WITHOUT_TERMINAL);
    }

    /** Prints a line that stays. */
    public synchronized void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Replaces the line of progress. */
    public synchronized void progress(String line) {
        if (line.equals(shown)) {
            return;
        }
        if (terminal) {
            String cut = cut(line, width.getAsInt() - 1);
            if (cut.equals(shown)) return;
            clear();
            out.print(cut);
            out.flush();
            shown = cut;
        } else if (System.nanoTime() - printedAt >= QUIET.toNanos()) {
            out.println(line);
            out.flush();
            printedAt = System.nanoTime();
            shown = line;
        }
    }

    /**
     * The beginning of a line that fits. A line as wide as the terminal would move the cursor to the next one, where it
     * could not be wiped.
     */
    private static String cut(String line, int columns) {
        if (line.codePointCount(0, line.length()) <= columns) return line;
        return line.substring(0, line.offsetByCodePoints(0, columns - 1)) + "…";
    }

    /** Removes the line of progress. */
    public synchronized void clear() {
        if (terminal && !shown.isEmpty()) {
            out.print("\r" + " ".repeat(shown.length()) + "\r");
            out.flush();
            shown = "";
        }
    }

    /** A time as text, such as 4.2 s, 1 min 05 s or 2 h 07 min. */
    public static String seconds(Duration time) {
        // Rounded to tenths first, so that 59.97 s becomes 1 min, not 60.0 s.
        long tenths = Math.round(time.toMillis() / 100.0);
        if (tenths < 600) {
            return String.format(Locale.ROOT, "%.1f s", tenths / 10.0);
        }
        return minutes(Duration.ofMillis(tenths * 100));
    }

    private static String minutes(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart())
                : String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
    }
}
