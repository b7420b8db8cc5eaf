package org.dualform.cli.workflow;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.ByteString;
import org.dualform.airflow.AirflowClient;
import org.dualform.airflow.http.AirflowLogin;

/**
 * An HTTP server with a prepared answer for each method and path, for cases that are hard to produce with a real
 * Airflow.
 */
public final class AnsweringAirflow implements AutoCloseable {
    private final MockWebServer server = new MockWebServer();
    private final Map<String, Deque<MockResponse>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, List<String>> bodies = new ConcurrentHashMap<>();
    private final AirflowClient client;

    public AnsweringAirflow() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
        server.start();
        client = new AirflowClient(new AirflowLogin(URI.create(server.url("/").toString()), "admin", "secret"));
        on("POST /auth/token", 201, "{\"access_token\":\"t\"}");
    }

    /** The next answer to a request; the last one told is given again and again. */
    public AnsweringAirflow on(String methodAndPath, int code, String body) {
        answers.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>())
                .add(new MockResponse.Builder()
                        .code(code)
                        .addHeader("Content-Type", "application/json")
                        .body(body)
                        .build());
        return this;
    }

    private synchronized MockResponse answer(RecordedRequest request) {
        String target = request.getTarget();
        int query = target.indexOf('?');
        String key = request.getMethod() + " " + (query < 0 ? target : target.substring(0, query));
        asked.add(key);
        ByteString body = request.getBody();
        if (body != null) bodies.computeIfAbsent(key, none -> new ArrayList<>()).add(body.utf8());
        Deque<MockResponse> left = answers.get(key);
        if (left == null) {
            return new MockResponse.Builder()
                    .code(404)
                    .body("{\"detail\":\"Not found\"}")
                    .build();
        }
        return left.size() > 1 ? left.remove() : left.element();
    }

    /** Its address, without a slash at the end. */
    public String url() {
        return "http://" + server.getHostName() + ":" + server.getPort();
    }

    public AirflowClient client() {
        return client;
    }

    public synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    /** The bodies that were sent with such requests, in order. */
    public synchronized List<String> bodies(String methodAndPath) {
        return List.copyOf(bodies.getOrDefault(methodAndPath, List.of()));
    }

    @Override
    public void close() {
        server.close();
    }

    public static String run(String state) {
        return "{\"dag_id\":\"sweep\",\"dag_run_id\":\"r1\",\"state\":\"" + state + "\",\"conf\":{}}";
    }

    public static String tasks(String... tasks) {
        return "{\"task_instances\":[" + String.join(",", tasks) + "],\"total_entries\":" + tasks.length + "}";
    }

    /** @param more further fields, each after a comma */
    public static String mapped(String id, int index, String state, String more) {
        return "{\"task_id\":\"" + id + "\",\"map_index\":" + index + ",\"state\":\"" + state + "\",\"try_number\":1"
                + more + "}";
    }

    public static String task(String id, String state) {
        return "{\"task_id\":\"" + id + "\",\"map_index\":-1,\"state\":\"" + state + "\",\"try_number\":1}";
    }
}
