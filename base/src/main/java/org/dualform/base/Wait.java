package org.dualform.base;

import java.time.Duration;

/** Waiting that can be ended from outside. */
public final class Wait {
    private static final long SLICE_MILLIS = 100;

    private Wait() {}

    /**
     * Waits for a time.
     *
     * @param alive called at the start and then every tenth of a second; it ends the wait by throwing
     */
    public static void sleep(Duration time, Runnable alive) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            alive.run();
            Thread.sleep(Math.min(left, SLICE_MILLIS));
        }
    }
}
