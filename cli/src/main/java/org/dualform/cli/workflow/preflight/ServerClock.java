package org.dualform.cli.workflow.preflight;

import java.time.Duration;
import java.time.Instant;
import org.dualform.cli.output.CheckList;

/** Compares a server's clock with this machine's. */
final class ServerClock {
    /** Tokens are refused, and ages of heartbeats are wrong, where clocks differ by more. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private ServerClock() {}

    /**
     * @param there what the server's header {@code Date} said, in whole seconds
     * @param before this machine's time when it was asked
     * @param after this machine's time when it had answered
     */
    static void judge(CheckList checks, String server, Instant there, Instant before, Instant after) {
        // A time between the two, cut to a second, is no difference.
        Duration ahead = Duration.between(after, there);
        Duration behind = Duration.between(there.plusSeconds(1), before);
        Duration difference = ahead.compareTo(behind) > 0 ? ahead : behind;
        boolean same = difference.compareTo(MOST) <= 0;
        checks.judge(
                server + " clock",
                same
                        ? "as here"
                        : difference.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of")
                                + " this machine",
                same,
                "Set both clocks by a time server (such as chrony): signed tokens are valid at once and for a limited time,"
                        + " and a heartbeat from the past counts as a dead task.");
    }
}
