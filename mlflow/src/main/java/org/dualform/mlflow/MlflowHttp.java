package org.dualform.mlflow;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.dualform.base.Backoff;
import org.dualform.base.Wait;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP call with a deadline, its retries, and failures by what can be done about them. Redirects are never followed:
 * the token would go with them.
 */
final class MlflowHttp implements AutoCloseable {
    static final MediaType JSON = MediaType.get("application/json");
    private static final Set<Integer> REFUSED_UNREAD = Set.of(429, 503);
    private static final Set<Integer> MAY_PASS = Set.of(429, 500, 502, 503, 504);

    /** Reads the body of a successful answer. */
    interface Reader<T> {
        T read(ResponseBody body) throws IOException;
    }

    private final MlflowServer server;
    private final Patience patience;
    private final HttpUrl base;
    private final OkHttpClient client;

    MlflowHttp(MlflowServer server, Patience patience) {
        this.server = server;
        this.patience = patience;
        this.base = HttpUrl.get(server.base().toString());
        this.client = new OkHttpClient.Builder()
                .connectTimeout(patience.connect())
                .readTimeout(patience.read())
                .writeTimeout(patience.read())
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
    }

    MlflowServer server() {
        return server;
    }

    Answer get(String path, Map<String, String> query) {
        return json(new Call("GET", path, query, null, true, 0));
    }

    /** @param repeatable whether the server's state is the same after a second sending */
    Answer post(String path, String body, boolean repeatable) {
        return json(new Call("POST", path, Map.of(), RequestBody.create(body, JSON), repeatable, 0));
    }

    Answer json(Call call) {
        return send(call, ResponseBody::string).answer();
    }

    /**
     * @param path after the base, not encoded; {@code /} separates segments
     * @param bytes about how much is moved, for the deadline
     */
    record Call(
            String method,
            String path,
            Map<String, String> query,
            @Nullable RequestBody body,
            boolean repeatable,
            long bytes) {
        String name() {
            return method + " " + path;
        }
    }

    /** A successful answer has a value; a refused one only the answer. */
    record Outcome<T>(Answer answer, @Nullable T value) {}

    /**
     * Sends until there is an answer that another try would not change.
     *
     * @throws TransientException if the server is away, too busy or too slow for {@link Patience}
     * @throws UserException on 401, 403, or a redirect
     */
    <T> Outcome<T> send(Call call, Reader<T> reader) {
        long end = System.nanoTime()
                + patience.total().plus(Duration.ofSeconds(call.bytes() >> 20)).toNanos();
        for (int failures = 1; ; failures++) {
            try (Response response = execute(call, end)) {
                int status = response.code();
                boolean again = MAY_PASS.contains(status) && (call.repeatable() || REFUSED_UNREAD.contains(status));
                if (!(again && sleep(failures, Backoff.retryAfter(response.header("Retry-After")), end))) {
                    return finish(call, response, reader);
                }
            } catch (IOException e) {
                boolean again = call.repeatable() || Backoff.neverSent(e);
                if (!(again && sleep(failures, Duration.ZERO, end))) {
                    throw new TransientException(
                            "MLflow at " + server.base() + " gave no answer to " + call.name() + " ("
                                    + (e.getMessage() == null ? e.toString() : e.getMessage()) + "; tries: " + failures
                                    + ").",
                            e);
                }
            }
        }
    }

    private Response execute(Call call, long end) throws IOException {
        HttpUrl.Builder url = base.newBuilder();
        for (String segment : call.path().split("/", -1)) {
            url.addPathSegment(segment);
        }
        call.query().forEach(url::addQueryParameter);
        Request.Builder request = new Request.Builder().url(url.build()).method(call.method(), call.body());
        String authorization = server.authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        okhttp3.Call sent = client.newCall(request.build());
        sent.timeout().timeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        return sent.execute();
    }

    private <T> Outcome<T> finish(Call call, Response response, Reader<T> reader) throws IOException {
        int status = response.code();
        if (status >= 200 && status < 300) {
            T value = reader.read(response.body());
            return new Outcome<>(new Answer(call.name(), status, "", value instanceof String text ? text : ""), value);
        }
        if (status >= 300 && status < 400) {
            throw UserException.config("MLflow's address " + server.base() + " redirects to "
                    + host(response.header("Location")) + ". Redirects are not followed, since the token would go with "
                    + "them; set MLFLOW_TRACKING_URI to the server's own address.");
        }
        String body = response.body().string();
        if (status == 401) {
            throw UserException.config("MLflow at " + server.base() + " wants a sign-in (401"
                    + (server.authorization() == null ? "" : ", and refuses the one it got")
                    + "). Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
        }
        if (status == 403) {
            throw UserException.config("MLflow at " + server.base() + " forbids " + call.name() + " (403: "
                    + Answer.firstLine(body) + "). If it does not know the host name, start it with --allowed-hosts; "
                    + "else check the rights of the account.");
        }
        if (MAY_PASS.contains(status)) {
            throw new TransientException(
                    "MLflow at " + server.base() + " answers " + status + " to " + call.name() + ": "
                            + Answer.of(call.name(), status, body).text(),
                    null);
        }
        return new Outcome<>(Answer.of(call.name(), status, body), null);
    }

    /** Waits before the next try; false if there is to be none, or the deadline comes first. */
    private boolean sleep(int failures, Duration asked, long end) {
        Duration pause = patience.backoff().after(failures, asked).orElse(null);
        if (pause == null || System.nanoTime() + pause.toNanos() >= end) {
            return false;
        }
        try {
            Wait.sleep(pause, () -> {});
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String host(@Nullable String location) {
        HttpUrl target = location == null ? null : base.resolve(location);
        return target == null ? "nowhere" : target.scheme() + "://" + target.host() + ":" + target.port();
    }

    /** Lets the connections go; threads of a client left open would hold the process for a minute. */
    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
