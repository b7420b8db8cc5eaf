package org.dualform.mlflow;

import java.time.Duration;
import org.dualform.base.Backoff;

/**
 * How long a call may take and how often it is tried.
 *
 * @param connect until the connection stands
 * @param read between two pieces of an answer
 * @param total for one call with all its retries (an upload or download gets a second per megabyte on top)
 * @param attempts tries of one call, the first counted
 * @param pause before the second try; doubles each time; a server's Retry-After counts where it is longer
 */
public record Patience(Duration connect, Duration read, Duration total, int attempts, Duration pause) {
    /** For a task's own calls. */
    public static final Patience NORMAL = new Patience(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), 5, Duration.ofMillis(250));

    /** For the last word of a process that has been told to stop. */
    public static final Patience BRIEF = new Patience(
            Duration.ofMillis(300), Duration.ofMillis(800), Duration.ofMillis(800), 1, Duration.ofMillis(100));

    /** The tries and the waits between them; {@link #total} bounds what a server may ask for. */
    Backoff backoff() {
        return new Backoff(attempts, pause, total);
    }
}
