package org.dualform.mlflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.value.Tags;

/** A stand-in for MLflow with one run. It answers every call that contains the word {@code bad} with an error. */
final class RefusingServer implements AutoCloseable {
    private static final String RUN = "{\"info\":{\"run_id\":\"r\",\"experiment_id\":\"7\",\"status\":\"RUNNING\","
            + "\"start_time\":1,\"lifecycle_stage\":\"active\",\"artifact_uri\":\"%s\"},\"data\":{}}";

    private final MockWebServer web = new MockWebServer();
    private final String run;
    private final int error;
    private volatile boolean failing;
    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    /** @param error the status that it answers with */
    RefusingServer(String artifactUri, int error) throws IOException {
        this.error = error;
        run = String.format(RUN, artifactUri);
        web.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return reply(request);
            }
        });
        web.start();
    }

    static RefusingServer start() throws IOException {
        return start(400);
    }

    static RefusingServer start(int error) throws IOException {
        return new RefusingServer("mlflow-artifacts:/7/r/artifacts", error);
    }

    MlflowServer address() {
        return MlflowServer.of(web.url("/").toString(), Map.of());
    }

    /** From now on, every call fails. */
    void fail() {
        failing = true;
    }

    void recover() {
        failing = false;
    }

    /**
     * What was written and taken: the last word of the path and the body of each call. A call that only says when a run
     * was opened is left out.
     */
    List<String> taken() {
        return List.copyOf(taken).stream()
                .filter(call -> !call.contains("\"tags\":[{\"key\":\"" + Tags.OPENED + "\"") || call.contains("},{"))
                .toList();
    }

    private MockResponse reply(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        String call = path.substring(path.lastIndexOf('/') + 1);
        String body = request.getBody() == null ? "" : request.getBody().utf8();
        if (failing || call.contains("bad") || body.contains("bad")) {
            return new MockResponse.Builder()
                    .code(error)
                    .body("{\"error_code\":\"" + (error < 500 ? "INVALID_PARAMETER_VALUE" : "INTERNAL_ERROR")
                            + "\",\"message\":\"bad\"}")
                    .build();
        }
        return switch (call) {
            case "version" -> json("3.17.2");
            case "get-by-name" -> json("{\"experiment\":{\"experiment_id\":\"7\",\"lifecycle_stage\":\"active\"}}");
            case "search" -> json("{\"runs\":[" + run + "]}");
            case "get" -> json("{\"run\":" + run + "}");
            default -> written(call, body);
        };
    }

    private MockResponse written(String call, String body) {
        taken.add(call + " " + body);
        return json("{}");
    }

    private static MockResponse json(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    @Override
    public void close() {
        web.close();
    }
}
