package org.dualform.hub.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.dualform.base.Backoff;

/**
 * Sends requests to the hub. Redirects are followed here and not by the HTTP client, so that the token is sent to the
 * endpoint's own scheme, host and port only.
 */
public final class HubHttp implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(408, 429, 500, 502, 503, 504);
    private static final int MOST_REDIRECTS = 10;

    private final HubSettings settings;
    private final OkHttpClient client;

    public HubHttp(HubSettings settings) {
        this.settings = settings;
        this.client = new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(30))
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
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
            return response.body().string();
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
            Response response = client.newCall(request(method, url, from)).execute();
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
