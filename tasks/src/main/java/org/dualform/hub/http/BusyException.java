package org.dualform.hub.http;

import java.io.IOException;
import java.time.Duration;

/** The server has answered and wants to be asked again later. */
final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;
    private final Duration pause;

    /** @param pause the wait that the server asked for; zero if it asked for none */
    BusyException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
