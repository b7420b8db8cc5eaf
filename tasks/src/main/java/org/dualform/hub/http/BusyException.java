package org.dualform.hub.http;

import java.io.IOException;
import java.time.Duration;

/** The server answered, but wants to be asked again later. */
final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;
    private final Duration pause;

    /** @param pause what the server asked for; zero if nothing */
    BusyException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
