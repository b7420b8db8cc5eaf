package org.dualform.base;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often a call to a server is tried, and how long to wait after a failure: exponential backoff with jitter.
 *
 * <p>The n-th failure in a row is followed by a wait between half of {@code pause}·2<sup>n−1</sup> and the whole of it, at
 * random, so that clients that failed together do not come back together. A server that asks for a longer wait gets it.
 *
 * <p>Whether a call <em>may</em> be sent twice is for its caller to know: this class only says when.
 *
 * @param attempts tries in a row, the first one counted
 * @param pause the wait before the second try; it doubles with each further failure
 * @param longest the longest wait that a server may ask for; if it asks for more, the call fails
 */
public record Backoff(int attempts, Duration pause, Duration longest) {
    private static final int MOST_DOUBLINGS = 10;

    /**
     * How long to wait now.
     *
     * @param failures failed tries in a row, the last one counted
     * @param asked what the server asked for; zero if it asked for nothing
     * @return empty if it is time to give up
     */
    public Optional<Duration> after(int failures, Duration asked) {
        if (failures >= attempts || asked.compareTo(longest) > 0) return Optional.empty();
        long most =
                pause.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)).toNanos();
        Duration own =
                Duration.ofNanos(most - most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
        return Optional.of(asked.compareTo(own) > 0 ? asked : own);
    }

    /** The same waits with at most {@code tries} tries. */
    public Backoff atMost(int tries) {
        return new Backoff(Math.min(attempts, tries), pause, longest);
    }

    /**
     * The wait that a server asks for in the header {@code Retry-After}: its seconds. Zero where there is no header, or
     * where it holds a date.
     */
    public static Duration retryAfter(@Nullable String header) {
        if (header == null || !header.strip().matches("\\d{1,6}")) return Duration.ZERO;
        return Duration.ofSeconds(Long.parseLong(header.strip()));
    }

    /** Whether the connection was never made, so that the server saw nothing of the call. */
    public static boolean neverSent(@Nullable Throwable e) {
        return e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof HttpConnectTimeoutException;
    }
}
