package org.dualform.dev.bench.measure;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The clock that measures a time. */
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

    /** Wall time in seconds, for work that does not run on this thread. */
    WALL {
        @Override
        long nanoseconds() {
            return System.nanoTime();
        }
    };

    abstract long nanoseconds();

    /** Two times that were measured alternately, and their ratio in each round. */
    public record Pair(Spread first, Spread second, Spread ratio) {
        /** Both times as text, such as "1.2 s / 0.9 s". */
        public String seconds() {
            return String.format(Locale.ROOT, "%.3g s / %.3g s", first.median(), second.median());
        }
    }

    /** Runs each once as a warm-up, and then both alternately, {@code rounds} times each. */
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

    /** Makes {@code rounds} measurements after one warm-up. */
    public Spread rounds(int rounds, Runnable work) {
        work.run();
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++) seconds[i] = seconds(work);
        return Spread.of(seconds);
    }

    /** Runs {@code work} once and returns its time in seconds. */
    public double seconds(Runnable work) {
        long start = nanoseconds();
        work.run();
        return (nanoseconds() - start) / 1e9;
    }
}
