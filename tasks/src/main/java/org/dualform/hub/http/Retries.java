package org.dualform.hub.http;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.dualform.base.Backoff;
import org.dualform.base.Wait;
import org.dualform.contract.TransientException;

/** Repeats requests to the hub that failed. All requests only read, so repeating them is safe. */
public record Retries(Backoff backoff) {
    /** A server that is slow or busy is asked for about half a minute, and may ask for waits of up to five. */
    public static final Retries NORMAL = new Retries(new Backoff(6, Duration.ofMillis(500), Duration.ofMinutes(5)));

    /** A server that cannot be reached at all is given up sooner. */
    private static final int UNREACHABLE_ATTEMPTS = 3;

    /** One try. */
    interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * Tries until it works.
     *
     * @param what begins the message if it gives up: {@code WHAT failed (…)}
     * @param alive called during waits; it ends them by throwing
     * @throws TransientException if the last try failed too
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
     * @param failures failed tries in a row, this one counted
     * @throws TransientException if this was the last one
     */
    public void waitOrGiveUp(String what, int failures, IOException e, Runnable alive) {
        Duration asked = e instanceof BusyException busy ? busy.pause() : Duration.ZERO;
        Backoff waits = Backoff.neverSent(e) ? backoff.atMost(UNREACHABLE_ATTEMPTS) : backoff;
        Duration pause = waits.after(failures, asked)
                .orElseThrow(
                        () -> new TransientException(what + " failed (" + cause(e) + "; tries: " + failures + ").", e));
        try {
            Wait.sleep(pause, alive);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TransientException("Interrupted while waiting for the hub.", interrupted);
        }
    }

    private static String cause(IOException e) {
        if (e instanceof UnknownHostException) return "the host is unknown: " + e.getMessage();
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
