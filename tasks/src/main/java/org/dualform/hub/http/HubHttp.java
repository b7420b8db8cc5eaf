package org.dualform.hub.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.dualform.base.Backoff;
import org.dualform.contract.Proxies;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the hub. Redirects are followed here and not by the HTTP client, so that the token is sent to the
 * endpoint's own scheme, host and port only.
 */
public final class HubHttp implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(408, 429, 500, 502, 503, 504);
    private static final int MOST_REDIRECTS = 10;
    private static final int PROXY_SIGN_IN = 407;
    /** The list of a repository's files takes some megabytes at most. */
    private static final long LONGEST_DOCUMENT = 64L << 20;
    /** How long a document may take, however slowly it comes. Files take as long as they need. */
    private static final Duration SLOWEST_DOCUMENT = Duration.ofMinutes(2);

    private final HubSettings settings;
    private final OkHttpClient client;

    public HubHttp(HubSettings settings) {
        this.settings = settings;
        this.client = new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(30))
                .proxySelector(settings.proxies())
                .proxyAuthenticator((route, response) -> signIn(response, settings.proxies()))
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
    }

    /** Signs in at the proxy, once: what it refuses then, it refuses for good. */
    private static @Nullable Request signIn(Response response, Proxies proxies) {
        Request request = response.request();
        if (request.header(Proxies.AUTHORIZATION) != null) return null;
        return proxies.authorization(request.url().uri())
                .map(value -> request.newBuilder()
                        .header(Proxies.AUTHORIZATION, value)
                        .build())
                .orElse(null);
    }

    /** Asks for a file's headers at the endpoint's own host, wherever the file's bytes are kept. */
    Response head(HttpUrl url, HubName name) throws IOException {
        return follow("HEAD", url, 0, false, name);
    }

    /** A document from the endpoint's own host. */
    String text(HttpUrl url, HubName name) throws IOException {
        try (Response response = follow("GET", url, 0, false, name)) {
            if (response.isRedirect()) {
                throw new IOException(settings.hub() + " redirects its API to another host, "
                        + String.valueOf(url.resolve(String.valueOf(response.header("Location"))))
                                .replaceAll("\\?.*", "")
                        + "; set HF_ENDPOINT to the hub's own address");
            }
            BufferedSource document = response.body().source();
            if (document.request(LONGEST_DOCUMENT + 1)) {
                throw new TransientException(
                        "The answer of " + url.host() + " has more than " + (LONGEST_DOCUMENT >> 20)
                                + " MiB, which no answer of a hub has. If HF_ENDPOINT or a proxy is set, check its"
                                + " address.",
                        null);
            }
            return document.readUtf8();
        }
    }

    /** A file's bytes from position {@code from} on. Redirects to other hosts are followed. */
    public Response open(HttpUrl url, long from, HubName name) throws IOException {
        return follow("GET", url, from, true, name);
    }

    private Response follow(String method, HttpUrl start, long from, boolean anywhere, HubName name)
            throws IOException {
        HttpUrl url = start;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            Call call = client.newCall(request(method, url, from));
            if (!anywhere) call.timeout().timeout(SLOWEST_DOCUMENT.toSeconds(), TimeUnit.SECONDS);
            Response response = call.execute();
            boolean handedOver = false;
            try {
                HttpUrl next = REDIRECTS.contains(response.code()) ? target(url, response) : null;
                if (next == null || !(anywhere || settings.owns(next))) {
                    check(response, url, name);
                    handedOver = true;
                    return response;
                }
                url = next;
            } finally {
                if (!handedOver) response.close();
            }
        }
        throw new IOException(settings.hub() + " redirects in a circle");
    }

    private Request request(String method, HttpUrl url, long from) {
        Request.Builder request = new Request.Builder()
                .url(url)
                .method(method, null)
                .header("User-Agent", "dualform")
                // A compressed answer would have another length, and no ranges.
                .header("Accept-Encoding", "identity");
        if (from > 0) request.header("Range", "bytes=" + from + "-");
        if (settings.owns(url))
            settings.token().ifPresent(token -> request.header("Authorization", token.authorization()));
        return request.build();
    }

    private static HttpUrl target(HttpUrl url, Response response) throws IOException {
        String location = response.header("Location");
        HttpUrl next = location == null ? null : url.resolve(location);
        if (next == null) throw new IOException("a redirect without a target from " + url.host());
        return next;
    }

    private void check(Response response, HttpUrl url, HubName name) throws IOException {
        int status = response.code();
        if (response.isSuccessful() || REDIRECTS.contains(status) || status == 416) return;
        if (status == PROXY_SIGN_IN) {
            throw UserException.config(
                    "The proxy on the way to " + url.host() + " wants a sign-in (407). Write the proxy"
                            + " as http://USER:PASSWORD@HOST:PORT, or name the host in NO_PROXY.");
        }
        if (BUSY.contains(status))
            throw new BusyException(
                    url.host() + " answers " + status, Backoff.retryAfter(response.header("Retry-After")));
        if (!settings.owns(url)) {
            // The signed address of another host has expired; the hub gives a new one.
            throw new BusyException(url.host() + " answers " + status, Duration.ZERO);
        }
        throw new Refusal(settings, name, response).explained();
    }

    /**
     * Closes the connections, which would otherwise keep the process alive for minutes. A later request opens new ones.
     */
    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
