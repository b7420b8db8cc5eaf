package org.dualform.cli.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * CPU seconds of this thread. The engine runs on one thread, the caller's, so that a busy machine does not bear on a ratio.
 */
final class CpuClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuClock() {}

    /** The fewest seconds that {@code work} took in {@code rounds} rounds, after one that does not count. */
    static double best(int rounds, Runnable work) {
        work.run();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < rounds; i++) {
            best = Math.min(best, seconds(work));
        }
        return best;
    }

    /** Seconds that {@code work} took, once. */
    static double seconds(Runnable work) {
        long start = THREADS.getCurrentThreadCpuTime();
        work.run();
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    }
}
