package org.dualform.task.plan;

import org.dualform.spec.Experiment;
import org.dualform.task.store.ByteSize;

/**
 * The memory that a task may take.
 *
 * @param asked the experiment's {@code memory}
 * @param bytes the memory of one task; for {@code auto}, the memory of all tasks on the machine together
 * @param parallelTasks how many tasks share {@code bytes}
 */
record MemoryBudget(String asked, long bytes, int parallelTasks) {
    /** A tenth of the machine's memory is left to the system and to other programs. */
    private static final int RESERVE = 10;

    static final MemoryBudget UNLIMITED = new MemoryBudget(Experiment.AUTO, Long.MAX_VALUE, 1);

    /**
     * @param asked a size, or {@code auto}
     * @param machine bytes of the machine or container
     * @param parallelTasks how many tasks run at the same time on it
     */
    static MemoryBudget of(String asked, long machine, int parallelTasks) {
        return asked.equals(Experiment.AUTO)
                ? new MemoryBudget(asked, machine - machine / RESERVE, parallelTasks)
                : new MemoryBudget(asked, ByteSize.parse(asked).orElseThrow(), 1);
    }

    /**
     * The bytes that one task may take while all others run as well.
     *
     * @param shared bytes that all tasks have in common, such as mapped weights
     */
    long share(long shared) {
        return Math.min(bytes, shared) + Math.max(0, bytes - shared) / parallelTasks;
    }

    /** The origin of the budget, for people. */
    String source() {
        return asked.equals(Experiment.AUTO) ? "nine tenths of the machine's or container's memory" : "memory " + asked;
    }
}
