package org.dualform.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dualform.base.Backoff;
import org.dualform.hub.cache.Storage;
import org.dualform.hub.http.HubSettings;
import org.dualform.hub.http.Retries;

/**
 * A server that speaks the hub's protocol, with a second one in the CDN's place on another port: large files are
 * redirected there. Faults are taken from a queue, one for each answer with a file's bytes.
 */
public final class FakeHub implements AutoCloseable {
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    public static final String TOKEN = "hf_secret";
    public static final String ID = "acme/tiny";

    public record Seen(String server, String method, String path, String authorization, String range) {}

    /** What goes wrong with one answer. */
    public sealed interface Fault permits Cut, Status, Damage, WrongRange {}

    /** The connection breaks after so many bytes. */
    public record Cut(int after) implements Fault {}

    public record Status(int code, String retryAfter) implements Fault {}

    public record Damage() implements Fault {}

    public record WrongRange() implements Fault {}

    public final Map<String, byte[]> files = new TreeMap<>();
    public final List<Seen> seen = new CopyOnWriteArrayList<>();
    public final Deque<Fault> faults = new ArrayDeque<>();
    volatile boolean gated;
    volatile boolean isPrivate;
    public volatile boolean honoursRanges = true;
    public volatile boolean tellsSize = true;
    public volatile long delayMillis;
    volatile int apiFailures;
    volatile boolean apiHasNoEnd;
    /** The header with which a client has to sign in, if the hub's server stands for a proxy before it. */
    volatile String proxyAuthorization = "";

    public volatile String commit = COMMIT;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = serve("hub");
    private final HttpServer cdn = serve("cdn");

    private HttpServer serve(String name) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    seen.add(new Seen(
                            name,
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            header(exchange, "Authorization"),
                            header(exchange, "Range")));
                    if (name.equals("hub")) answer(exchange);
                    else
                        bytes(
                                exchange,
                                files.get(exchange.getRequestURI().getPath().substring(1)));
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    public FakeHub with(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public FakeHub with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** The files of a small model, and some that nobody needs. */
    public FakeHub withModel() {
        byte[] weights = new byte[100_000];
        for (int i = 0; i < weights.length; i++) weights[i] = (byte) (i * 31 + i / 256);
        return with("config.json", "{\"model_type\": \"gpt2\"}")
                .with("tokenizer.json", "{}")
                .with("tokenizer_config.json", "{\"a\": 1}")
                .with("model.safetensors", weights)
                .with("pytorch_model.bin", "a pickle")
                .with("onnx/model.onnx", "other")
                .with("README.md", "# tiny");
    }

    public Map<String, String> environment(Path home) {
        return Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", url(), "HF_TOKEN", TOKEN, "HOME", home.toString());
    }

    /** Fast where the real one waits. */
    static Retries retries() {
        return new Retries(new Backoff(4, Duration.ofMillis(1), Duration.ofSeconds(3)));
    }

    public Hub open(Path home) {
        return open(environment(home));
    }

    public static Hub open(Map<String, String> environment) {
        HubSettings settings = HubSettings.fromEnvironment(environment);
        return new Hub(settings, retries(), Storage.of(settings.cache()));
    }

    public long fetches(String path) {
        return seen.stream()
                .filter(request ->
                        request.method().equals("GET") && request.path().endsWith("/" + path))
                .filter(request -> !request.server().equals("hub") || !large(path))
                .count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!proxyAuthorization.isEmpty() && !proxyAuthorization.equals(header(exchange, "Proxy-Authorization"))) {
            exchange.sendResponseHeaders(407, -1);
        } else if (path.contains("old/name")) {
            redirect(exchange, 307, path.replace("old/name", ID));
        } else if (isPrivate && header(exchange, "Authorization").isEmpty()) {
            refuse(exchange, 401, "RepoNotFound", "Repository not found");
        } else if (!path.contains(ID)) {
            refuse(exchange, header(exchange, "Authorization").isEmpty() ? 401 : 404, "RepoNotFound", "");
        } else if (path.startsWith("/api/")) {
            api(exchange, path);
        } else if (gated) {
            refuse(exchange, 403, "GatedRepo", "Access to model acme/tiny is restricted");
        } else {
            file(exchange, path.replaceFirst(".*/resolve/" + commit + "/", ""));
        }
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        if (apiFailures > 0) {
            apiFailures--;
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        if (apiHasNoEnd) {
            exchange.sendResponseHeaders(200, 0);
            while (true) exchange.getResponseBody().write(new byte[1 << 20]); // until the client has had enough
        }
        String revision = path.replaceFirst(".*/revision/", "");
        if (!List.of("main", commit, "refs/pr/1").contains(revision)) {
            refuse(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
            return;
        }
        StringBuilder siblings = new StringBuilder();
        files.keySet()
                .forEach(file ->
                        siblings.append(siblings.length() == 0 ? "" : ",").append("{\"rfilename\":\"" + file + "\"}"));
        byte[] body = ("{\"id\":\"" + ID + "\",\"sha\":\"" + commit + "\",\"gated\":" + (gated ? "\"manual\"" : "false")
                        + ",\"siblings\":[" + siblings + "]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void file(HttpExchange exchange, String path) throws IOException {
        byte[] content = files.get(path);
        if (content == null) {
            refuse(exchange, 404, "EntryNotFound", "Entry not found");
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        if (large(path)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + etag(path) + "\"");
            if (tellsSize) exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
            redirect(exchange, 302, "http://127.0.0.1:" + cdn.getAddress().getPort() + "/" + path + "?signature=s");
        } else {
            exchange.getResponseHeaders().set("ETag", "\"" + etag(path) + "\"");
            bytes(exchange, content);
        }
    }

    private void bytes(HttpExchange exchange, byte[] whole) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(whole.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (delayMillis > 0) sleep(delayMillis);
        Fault fault;
        synchronized (faults) {
            fault = faults.poll();
        }
        byte[] content = fault instanceof Damage ? damaged(whole) : whole;
        if (fault instanceof Status status) {
            if (!status.retryAfter().isEmpty()) exchange.getResponseHeaders().set("Retry-After", status.retryAfter());
            exchange.sendResponseHeaders(status.code(), -1);
            return;
        }
        int from = 0;
        String range = header(exchange, "Range");
        if (!range.isEmpty() && honoursRanges) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
            if (fault instanceof WrongRange) from = from / 2;
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from == 0 ? -1 : content.length - from);
        int to = fault instanceof Cut cut ? Math.min(content.length, from + cut.after()) : content.length;
        OutputStream out = exchange.getResponseBody();
        out.write(content, from, to - from);
        out.flush();
    }

    private static byte[] damaged(byte[] whole) {
        byte[] copy = Arrays.copyOf(whole, whole.length);
        copy[whole.length / 2] ^= 1;
        return copy;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void redirect(HttpExchange exchange, int status, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(status, -1);
    }

    private static void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        if (!message.isEmpty()) exchange.getResponseHeaders().set("X-Error-Message", message);
        exchange.sendResponseHeaders(status, -1);
    }

    static boolean large(String path) {
        return path.endsWith(".safetensors") || path.endsWith(".parquet");
    }

    /** SHA-256 of large files, git's hash of small ones. */
    public String etag(String path) {
        byte[] content = files.get(path);
        try {
            MessageDigest digest = MessageDigest.getInstance(large(path) ? "SHA-256" : "SHA-1");
            if (!large(path)) digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
