package org.dualform.dev.bench.measure;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What time is measured by. */
public enum Clock {
    /**
     * CPU seconds of this thread. The engine runs on one thread, the caller's, so that other work on the machine bears less
     * on a ratio than it would on wall time.
     */
    CPU {
        @Override
        long nanoseconds() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }
    },

    /** For what runs elsewhere than on this thread. */
    WALL {
        @Override
        long nanoseconds() {
            return System.nanoTime();
        }
    };

    abstract long nanoseconds();

    /** Two quantities measured in turn, round by round, and their ratio in each round. */
    public record Pair(Spread first, Spread second, Spread ratio) {
        /** "1.2 s / 0.9 s". */
        public String seconds() {
            return String.format(Locale.ROOT, "%.3g s / %.3g s", first.median(), second.median());
        }
    }

    /** Runs both once for nothing, then {@code rounds} times in turn. */
    public Pair pair(int rounds, Runnable first, Runnable second) {
        first.run();
        second.run();
        double[] a = new double[rounds];
        double[] b = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            a[i] = seconds(first);
            b[i] = seconds(second);
            ratios[i] = a[i] / b[i];
        }
        return new Pair(Spread.of(a), Spread.of(b), Spread.of(ratios));
    }

    /** {@code rounds} measurements, after one that does not count. */
    public Spread rounds(int rounds, Runnable work) {
        work.run();
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) seconds[i] = seconds(work);
        return Spread.of(seconds);
    }

    /** Seconds that {@code work} took, once. */
    public double seconds(Runnable work) {
        long start = nanoseconds();
        work.run();
        return (nanoseconds() - start) / 1e9;
    }
}
