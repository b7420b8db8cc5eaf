package org.dualform.mlflow.http;

import java.io.IOException;
import java.util.Map;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * One call to the server.
 *
 * @param path after the server's address, not encoded; {@code /} separates segments
 * @param repeatable whether the server's state is the same after the call has been sent twice
 * @param bytes about how much is moved; the deadline grows with it
 * @param attempts tries at most, even if the {@link CallLimits} allow more
 */
public record HttpCall(
        String method,
        String path,
        Map<String, String> query,
        @Nullable RequestBody body,
        boolean repeatable,
        long bytes,
        int attempts) {
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

    /** Reads the body of a successful reply. */
    public interface Reader<T> {
        T read(ResponseBody body) throws IOException;
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
