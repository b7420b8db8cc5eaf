package org.dualform.hub.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.dualform.contract.TransientException;

/**
 * How often something is tried that brings nothing, and how long the waits are.
 *
 * @param attempts tries in a row, the first counted
 * @param pause before the second try; doubles each time
 * @param longest what a server may ask us to wait at a time
 */
public record Patience(int attempts, Duration pause, Duration longest) {
    public static final Patience NORMAL = new Patience(6, Duration.ofMillis(500), Duration.ofMinutes(5));

    /** A server that is not there at all is not asked for long. */
    private static final int UNREACHABLE_ATTEMPTS = 3;

    private static final long SLICE_MILLIS = 100;

    /** One try. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * Tries until it works.
     *
     * @param alive called while waiting; stops it by throwing
     */
    <T> T keepTrying(String what, Runnable alive, Attempt<T> attempt) {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                waitOrGiveUp(what, failures, e, alive);
            }
        }
    }

    /**
     * Waits after a failed try.
     *
     * @param failures in a row, this one counted
     * @throws TransientException if that was the last
     */
    public void waitOrGiveUp(String what, int failures, IOException e, Runnable alive) {
        boolean unreachable = e instanceof ConnectException || e instanceof UnknownHostException;
        Duration asked = e instanceof BusyException busy ? busy.pause() : Duration.ZERO;
        if (failures >= (unreachable ? Math.min(attempts, UNREACHABLE_ATTEMPTS) : attempts)
                || asked.compareTo(longest) > 0) {
            throw new TransientException(what + " failed (" + cause(e) + "; tries: " + failures + ").", e);
        }
        Duration own = pause.multipliedBy(1L << Math.min(failures - 1, 10));
        own = own.dividedBy(2).plusMillis(ThreadLocalRandom.current().nextLong(own.toMillis() / 2 + 1));
        sleep(asked.compareTo(own) > 0 ? asked : own, alive);
    }

    public static void sleep(Duration time, Runnable alive) {
        long end = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                alive.run();
                Thread.sleep(Math.min(left, SLICE_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while waiting for the hub.", e);
        }
    }

    private static String cause(IOException e) {
        if (e instanceof UnknownHostException) return "the host is unknown: " + e.getMessage();
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
