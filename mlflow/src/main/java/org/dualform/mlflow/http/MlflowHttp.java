package org.dualform.mlflow.http;

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
import org.dualform.base.Backoff;
import org.dualform.base.Wait;
import org.dualform.contract.Proxies;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP calls with a deadline and retries. A failure is typed by what can be done about it. Redirects are never
 * followed, because the token would go with them. Threads may share one.
 */
public final class MlflowHttp implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    /** The server has not read the call, so that even one that is not repeatable can be sent again. */
    private static final Set<Integer> REFUSED_UNREAD = Set.of(429, 503);

    /** Another try may bring something else. */
    static final Set<Integer> MAY_PASS = Set.of(429, 500, 502, 503, 504);

    private final MlflowServer server;
    private final CallLimits limits;
    private final HttpUrl base;
    private final OkHttpClient client;
    private final ReplyReader replies;

    public MlflowHttp(MlflowServer server, CallLimits limits) {
        this.server = server;
        this.limits = limits;
        this.replies = new ReplyReader(server);
        this.base = HttpUrl.get(server.base().toString());
        this.client = new OkHttpClient.Builder()
                .connectTimeout(limits.connect())
                .readTimeout(limits.read())
                .writeTimeout(limits.read())
                .proxySelector(server.proxies())
                .proxyAuthenticator((route, response) -> signIn(response, server.proxies()))
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .build();
    }

    /** Signs in at the proxy, once: what it refuses then, it refuses for good. */
    private static @Nullable Request signIn(Response response, Proxies proxies) {
        Request request = response.request();
        if (request.header(Proxies.AUTHORIZATION) != null) {
            return null;
        }
        return proxies.authorization(request.url().uri())
                .map(value -> request.newBuilder()
                        .header(Proxies.AUTHORIZATION, value)
                        .build())
                .orElse(null);
    }

    public MlflowServer server() {
        return server;
    }

    public MlflowReply get(String path, Map<String, String> query) {
        return text(new HttpCall("GET", path, query, null, true, 0));
    }

    /** @param repeatable whether the server's state is the same after the call has been sent twice */
    public MlflowReply post(String path, String body, boolean repeatable) {
        return text(new HttpCall("POST", path, Map.of(), RequestBody.create(body, JSON), repeatable, 0));
    }

    /** Sends a call whose reply is text. */
    public MlflowReply text(HttpCall call) {
        return send(call, response -> Bodies.whole(response.body())).reply();
    }

    /**
     * Sends a call until there is a reply that another try would not change.
     *
     * @throws ServerErrorException if the server answers with an error of its own
     * @throws TransientException if the server is away, too busy, or too slow for the {@link CallLimits}
     * @throws UserException on 401, 403, or a redirect
     */
    public <T> HttpCall.Outcome<T> send(HttpCall call, HttpCall.Reader<T> reader) {
        long end = System.nanoTime()
                + limits.total().plus(Duration.ofSeconds(call.bytes() >> 20)).toNanos();
        for (int failures = 1; ; failures++) {
            try (Response response = execute(call, end)) {
                int status = response.code();
                boolean again = MAY_PASS.contains(status) && (call.repeatable() || REFUSED_UNREAD.contains(status));
                if (!(again && sleep(call, failures, Backoff.retryAfter(response.header("Retry-After")), end))) {
                    return replies.read(call, response, reader);
                }
            } catch (IOException e) {
                boolean again = call.repeatable() || Backoff.neverSent(e);
                if (!(again && sleep(call, failures, Duration.ZERO, end))) {
                    throw new TransientException(
                            "MLflow at " + server.base() + " gave no answer to " + call.name() + " ("
                                    + (e.getMessage() == null ? e.toString() : e.getMessage()) + "; tries: " + failures
                                    + ").",
                            e);
                }
            }
        }
    }

    private Response execute(HttpCall call, long end) throws IOException {
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
        long from = call.from().getAsLong();
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        okhttp3.Call sent = client.newCall(request.build());
        sent.timeout().timeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        return sent.execute();
    }

    /** Waits before the next try. Returns false if there is to be none, or if the deadline would come first. */
    private boolean sleep(HttpCall call, int failures, Duration asked, long end) {
        Duration pause =
                limits.backoff().atMost(call.attempts()).after(failures, asked).orElse(null);
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

    /** Closes the connections. The threads of a client left open would hold the process for a minute. */
    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
