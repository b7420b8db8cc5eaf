package org.dualform.task.plan;

import java.util.Locale;
import org.dualform.spec.Experiment;

/**
 * How much memory a task may take.
 *
 * @param asked as the experiment says it
 * @param bytes of one task; under {@code auto}, what the machine has for all tasks
 * @param parallelTasks how many share {@code bytes}
 */
record MemoryBudget(String asked, long bytes, int parallelTasks) {
    /** Of the machine's memory, left to the system and other programs: one part in as many. */
    private static final int RESERVE = 10;

    static final MemoryBudget UNLIMITED = new MemoryBudget(Experiment.AUTO, Long.MAX_VALUE, 1);

    private static final String UNITS = "kmgt";

    /**
     * @param machine bytes of the machine or container
     * @param parallelTasks how many tasks run beside each other on it
     */
    static MemoryBudget of(String asked, long machine, int parallelTasks) {
        return asked.equals(Experiment.AUTO)
                ? new MemoryBudget(asked, machine - machine / RESERVE, parallelTasks)
                : new MemoryBudget(asked, parse(asked), 1);
    }

    /**
     * One task's share where {@code parallelTasks} of the same kind run beside each other.
     *
     * @param shared bytes that these have in common
     */
    long share(long shared) {
        return Math.min(bytes, shared) + Math.max(0, bytes - shared) / parallelTasks;
    }

    /** Where the number comes from, for people. */
    String source() {
        return asked.equals(Experiment.AUTO) ? "nine tenths of the machine's or container's memory" : "memory " + asked;
    }

    /** Powers of 1024, as in Docker's and Java's options. */
    private static long parse(String size) {
        String digits = size.toLowerCase(Locale.ROOT);
        int unit = UNITS.indexOf(digits.charAt(digits.length() - 1)) + 1;
        double number = Double.parseDouble(unit == 0 ? digits : digits.substring(0, digits.length() - 1));
        return (long) (number * Math.pow(1024, unit));
    }
}
