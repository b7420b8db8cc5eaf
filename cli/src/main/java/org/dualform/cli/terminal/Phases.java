package org.dualform.cli.terminal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The steps of a long command: each is announced when it begins, and all are listed with their times at the end. */
public final class Phases {
    private final Console console;
    private final int count;
    private final LongSupplier nanos;
    private final Map<String, Duration> times = new LinkedHashMap<>();
    private int begun;

    /** @param count the number of phases that will be announced */
    public Phases(Console console, int count) {
        this(console, count, System::nanoTime);
    }

    Phases(Console console, int count, LongSupplier nanos) {
        this.console = console;
        this.count = count;
        this.nanos = nanos;
    }

    /** The work of a phase. */
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    /**
     * Announces and does the next phase.
     *
     * @param name for the table of times
     * @param sentence for the announcement
     */
    public <T> T run(String name, String sentence, Work<T> work) throws InterruptedException {
        begun++;
        console.say("[" + begun + "/" + count + "] " + sentence);
        long start = nanos.getAsLong();
        try {
            return work.run();
        } finally {
            add(name, Duration.ofNanos(nanos.getAsLong() - start));
        }
    }

    /** As {@link #run}, for work without a result. */
    public void run(String name, String sentence, Runnable work) throws InterruptedException {
        run(name, sentence, () -> {
            work.run();
            return name;
        });
    }

    /** Does work that is not announced, and lists its time. */
    public void quietly(String name, Runnable work) {
        long start = nanos.getAsLong();
        try {
            work.run();
        } finally {
            add(name, Duration.ofNanos(nanos.getAsLong() - start));
        }
    }

    /** Lists the time of work that was done elsewhere. */
    public void add(String name, Duration time) {
        times.merge(name, time, Duration::plus);
    }

    /** True if a phase was announced. */
    public boolean begun() {
        return begun > 0;
    }

    /** The names and times in the order in which the phases ended, and the total. The text ends with a newline. */
    public String table() {
        Duration total = times.values().stream().reduce(Duration.ZERO, Duration::plus);
        int width = Math.max(
                "total".length(),
                times.keySet().stream().mapToInt(String::length).max().orElse(0));
        StringBuilder table = new StringBuilder();
        times.forEach((name, time) -> appendLine(table, width, name, time));
        appendLine(table, width, "total", total);
        return table.toString();
    }

    private static void appendLine(StringBuilder table, int width, String name, Duration time) {
        table.append(String.format("  %-" + width + "s  %12s%n", name, Console.seconds(time)));
    }
}
