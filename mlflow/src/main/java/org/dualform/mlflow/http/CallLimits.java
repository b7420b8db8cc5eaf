package org.dualform.mlflow.http;

import java.time.Duration;
import org.dualform.base.Backoff;

/**
 * How long one call may take, and how often it is tried.
 *
 * @param connect until the connection stands
 * @param read between two pieces of a reply
 * @param total for one call with all its retries; an upload or a download gets a second per megabyte on top
 * @param attempts tries of one call, including the first
 * @param pause before the second try; it doubles each time, and gives way to a longer Retry-After of the server
 */
public record CallLimits(Duration connect, Duration read, Duration total, int attempts, Duration pause) {
    /** For a task's own calls. */
    public static final CallLimits NORMAL = new CallLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), 5, Duration.ofMillis(250));

    /** For the last call of a process that has been told to stop. */
    public static final CallLimits BRIEF = new CallLimits(
            Duration.ofMillis(300), Duration.ofMillis(800), Duration.ofMillis(800), 1, Duration.ofMillis(100));

    /** The tries, and the waits between them. {@link #total} bounds what a server may ask for. */
    Backoff backoff() {
        return new Backoff(attempts, pause, total);
    }
}
