package org.dualform.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number of columns of the terminal. A person may change it while a command runs, so it is asked again now and then. */
public final class TerminalWidth implements IntSupplier {
    /** Columns of lines and tables that go to a file or another program. */
    public static final int WITHOUT_TERMINAL = 118;

    /** Below this nothing can be laid out; the terminal then breaks the lines. */
    private static final int LEAST = 40;

    private static final int USUAL = 80;
    private static final long FRESH = Duration.ofSeconds(5).toNanos();
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

    private final IntSupplier source;
    private int columns;
    private long askedAt;

    TerminalWidth(IntSupplier source) {
        this.source = source;
        this.columns = source.getAsInt();
        this.askedAt = System.nanoTime();
    }

    /** The width of the terminal that progress is shown on. */
    static TerminalWidth ofTerminal() {
        return new TerminalWidth(() -> columns(System.getenv()));
    }

    /** The width for tables on standard output. The launcher tells whether that is a terminal. */
    public static int ofOutput() {
        return ofOutput(System.getenv());
    }

    static int ofOutput(Map<String, String> environment) {
        return environment.containsKey("DUALFORM_OUT_TERMINAL") ? columns(environment) : WITHOUT_TERMINAL;
    }

    private static int columns(Map<String, String> environment) {
        String told = environment.getOrDefault("COLUMNS", "");
        int columns = told.matches("[1-9]\\d{0,3}") ? Integer.parseInt(told) : asked().orElse(USUAL);
        return Math.max(LEAST, columns);
    }

    /** Asks the terminal driver. */
    private static OptionalInt asked() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return OptionalInt.empty();
            }
            Matcher size = SIZE.matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            int columns = size.matches() ? Integer.parseInt(size.group(1)) : 0;
            // Some terminals do not know their size and say 0.
            return columns > 0 ? OptionalInt.of(columns) : OptionalInt.empty();
        } catch (IOException e) {
            // No stty, or no terminal.
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    @Override
    public int getAsInt() {
        if (System.nanoTime() - askedAt > FRESH) {
            columns = source.getAsInt();
            askedAt = System.nanoTime();
        }
        return columns;
    }
}
