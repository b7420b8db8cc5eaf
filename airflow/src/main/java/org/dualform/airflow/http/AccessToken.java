package org.dualform.airflow.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The access token of the API server. It is fetched when first needed, and again before it expires. */
final class AccessToken {
    /** Tokens live for 24 hours by default. */
    private static final Duration RENEW_AFTER = Duration.ofHours(23);

    private final Supplier<String> fetch;
    private final Clock clock;
    private @Nullable String value;
    private Instant fetchedAt = Instant.EPOCH;

    AccessToken(Supplier<String> fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    synchronized String get() {
        String current = value;
        if (current == null || clock.instant().isAfter(fetchedAt.plus(RENEW_AFTER))) {
            current = fetch.get();
            value = current;
            fetchedAt = clock.instant();
        }
        return current;
    }

    /** Forgets a token that the server refused, unless another thread has replaced it already. */
    synchronized void forget(@Nullable String refused) {
        if (refused != null && refused.equals(value)) {
            value = null;
        }
    }
}
