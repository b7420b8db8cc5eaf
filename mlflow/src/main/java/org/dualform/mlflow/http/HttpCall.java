package org.dualform.mlflow.http;

import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One call to the server.
 *
 * @param path after the server's address, not encoded; {@code /} separates segments
 * @param repeatable whether the server's state is the same after the call has been sent twice
 * @param bytes about how much is moved; the deadline grows with it
 * @param attempts tries at most, even if the {@link CallLimits} allow more
 * @param from the first byte that is wanted, asked before each try; a server may give all the same
 */
public record HttpCall(
        String method,
        String path,
        Map<String, String> query,
        @Nullable RequestBody body,
        boolean repeatable,
        long bytes,
        int attempts,
        LongSupplier from) {
    /** A call for the whole of a reply. */
    public HttpCall(
            String method,
            String path,
            Map<String, String> query,
            @Nullable RequestBody body,
            boolean repeatable,
            long bytes,
            int attempts) {
        this(method, path, query, body, repeatable, bytes, attempts, () -> 0);
    }

    /** A call with as many tries as the {@link CallLimits} allow. */
    public HttpCall(
            String method,
            String path,
            Map<String, String> query,
            @Nullable RequestBody body,
            boolean repeatable,
            long bytes) {
        this(method, path, query, body, repeatable, bytes, Integer.MAX_VALUE);
    }

    /** Reads a successful reply. */
    public interface Reader<T> {
        T read(Response response) throws IOException;
    }

    /**
     * What a call brought.
     *
     * @param value what was read; null if the server refused
     */
    public record Outcome<T>(MlflowReply reply, @Nullable T value) {}

    /** Method and path, for messages. */
    String name() {
        return method + " " + path;
    }
}
