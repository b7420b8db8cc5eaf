package org.dualform.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.dualform.base.Sha256;
import org.dualform.contract.PermanentException;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.mlflow.http.CallLimits;
import org.dualform.mlflow.http.MlflowServer;
import org.dualform.mlflow.value.RunKey;
import org.dualform.mlflow.value.RunSpec;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.RunView;
import org.dualform.mlflow.value.StoredFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** Tests the faults that a server, or a proxy before it, can cause in a call. */
class HttpFaultsTest {
    private static final CallLimits SHORT = new CallLimits(
            Duration.ofMillis(500), Duration.ofMillis(400), Duration.ofSeconds(3), 3, Duration.ofMillis(10));
    private static final String FOUND =
            "{\"experiment\":{\"experiment_id\":\"7\",\"name\":\"x\",\"lifecycle_stage\":\"active\"}}";

    private final MockWebServer web = new MockWebServer();

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        web.start();
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private Mlflow mlflow(Map<String, String> environment) {
        return Mlflow.connect(MlflowServer.of(web.url("/").toString(), environment), SHORT);
    }

    private void answer(int code, String body) {
        web.enqueue(new MockResponse.Builder().code(code).body(body).build());
    }

    @Test
    void busyOrBrokenForAMomentIsTriedAgain() {
        answer(429, "slow down");
        answer(503, "starting");
        answer(200, FOUND);
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThat(mlflow.experiments().find("x")).contains("7");
        }
        assertThat(web.getRequestCount()).isEqualTo(3);
    }

    @Test
    void retryAfterIsHonoured() {
        web.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "1")
                .build());
        answer(200, FOUND);
        long start = System.nanoTime();
        try (Mlflow mlflow = mlflow(Map.of())) {
            mlflow.experiments().find("x");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void retryAfterBeyondTheDeadlineFailsAtOnce() {
        web.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "3600")
                .build());
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("429");
        }
        assertThat(web.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aServerThatHangsIsGivenUpInTime() {
        for (int i = 0; i < 3; i++) {
            web.enqueue(new MockResponse.Builder()
                    .onResponseStart(SocketEffect.Stall.INSTANCE)
                    .build());
        }
        long start = System.nanoTime();
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x")).isInstanceOf(TransientException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aBodyCutShortIsReadAgain() {
        web.enqueue(new MockResponse.Builder()
                .body(FOUND)
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
        answer(200, FOUND);
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThat(mlflow.experiments().find("x")).contains("7");
        }
    }

    /** A body of ten gigabytes; the test ends as soon as the reader has had enough. */
    private static MockResponseBody endless() {
        return new MockResponseBody() {
            @Override
            public long getContentLength() {
                return 10L << 30;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                byte[] piece = new byte[1 << 20];
                for (long sent = 0; sent < getContentLength(); sent += piece.length) {
                    sink.write(piece);
                }
            }
        };
    }

    @Test
    void anAnswerWithoutEndIsGivenUpAndNotAskedForAgain() {
        web.enqueue(new MockResponse.Builder().body(endless()).build());
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("more than 64 MiB");
        }
        assertThat(web.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anErrorWithoutEndIsReadAsFarAsItIsShown() {
        web.enqueue(new MockResponse.Builder().code(400).body(endless()).build());
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(PermanentException.class)
                    .hasMessageContaining("MLflow refused GET api/2.0/mlflow/experiments/get-by-name: 400");
        }
    }

    @Test
    void aRunIsNotCreatedTwiceByARetry() throws Exception {
        answer(200, FOUND);
        answer(200, "{}"); // none yet
        web.enqueue(new MockResponse.Builder() // made, but the answer is lost
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        answer(200, "{\"runs\":[{\"info\":{\"run_id\":\"made\",\"status\":\"RUNNING\"}}]}");
        RunSpec spec = new RunSpec("x", new RunKey("s", "c", "icl"), "n", Map.of(), Map.of());
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThat(mlflow.runs().findOrCreate(spec).id()).isEqualTo("made");
        }
        for (String path : new String[] {"get-by-name", "search", "create", "search"}) {
            RecordedRequest request = web.takeRequest(1, TimeUnit.SECONDS);
            assertThat(request).isNotNull();
            assertThat(request.getUrl().encodedPath()).endsWith(path);
        }
        assertThat(web.getRequestCount()).isEqualTo(4);
    }

    @Test
    void signInIsAskedForWithoutPrintingTheToken() throws Exception {
        answer(401, "no");
        try (Mlflow mlflow = mlflow(Map.of("MLFLOW_TRACKING_TOKEN", "s3cret"))) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("MLFLOW_TRACKING_TOKEN")
                    .hasMessageNotContaining("s3cret");
            assertThat(mlflow.server().toString()).doesNotContain("s3cret");
        }
        assertThat(web.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer s3cret");
    }

    @Test
    void userAndPasswordGoAsBasic() throws Exception {
        answer(200, FOUND);
        try (Mlflow mlflow = mlflow(Map.of("MLFLOW_TRACKING_USERNAME", "u", "MLFLOW_TRACKING_PASSWORD", "p"))) {
            mlflow.experiments().find("x");
        }
        String pair = Base64.getEncoder().encodeToString("u:p".getBytes(StandardCharsets.UTF_8));
        assertThat(web.takeRequest().getHeaders().get("Authorization")).isEqualTo("Basic " + pair);
    }

    @Test
    void anUnknownHostNameIsExplained() {
        answer(403, "Invalid Host header - possible DNS rebinding attack detected");
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Invalid Host header")
                    .hasMessageContaining("--allowed-hosts");
        }
    }

    @Test
    void aRedirectDoesNotTakeTheTokenElsewhere() throws Exception {
        try (MockWebServer elsewhere = new MockWebServer()) {
            elsewhere.start();
            web.enqueue(new MockResponse.Builder()
                    .code(302)
                    .addHeader("Location", elsewhere.url("/login?secret=1").toString())
                    .build());
            try (Mlflow mlflow = mlflow(Map.of("MLFLOW_TRACKING_TOKEN", "s3cret"))) {
                assertThatThrownBy(() -> mlflow.experiments().find("x"))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("redirects to http://")
                        .hasMessageNotContaining("secret=1");
            }
            assertThat(elsewhere.getRequestCount()).isZero();
        }
    }

    /** Why calls do not go through MLflow's own client: it does take the token along. */
    @Test
    void mlflowsOwnClientTakesTheTokenAlong() throws Exception {
        try (MockWebServer elsewhere = new MockWebServer()) {
            elsewhere.start();
            elsewhere.enqueue(new MockResponse.Builder().body(FOUND).build());
            web.enqueue(new MockResponse.Builder()
                    .code(302)
                    .addHeader("Location", elsewhere.url("/login").toString())
                    .build());
            try (MlflowClient client =
                    new MlflowClient(new BasicMlflowHostCreds(web.url("/").toString(), "s3cret"))) {
                client.getExperimentByName("x");
            }
            assertThat(elsewhere.takeRequest().getHeaders().get("Authorization"))
                    .contains("s3cret");
        }
    }

    @Test
    void noMlflowThereIsSaid() {
        answer(404, "<html><title>nginx</title></html>");
        answer(200, "<html>hello</html>");
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().find("x"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("MLFLOW_TRACKING_URI");
            assertThatThrownBy(mlflow::check)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("not an MLflow server");
        }
    }

    @Test
    void aRefusalForGoodIsNotTriedAgain() {
        answer(400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"bad key\"}");
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.runs().get("r"))
                    .isInstanceOf(PermanentException.class)
                    .hasMessageContaining("bad key");
        }
        assertThat(web.getRequestCount()).isEqualTo(1);
    }

    @Test
    void nobodyListensIsTransient() {
        String uri = web.url("/").toString();
        web.close();
        try (Mlflow mlflow = Mlflow.connect(MlflowServer.of(uri, Map.of()), SHORT)) {
            assertThatThrownBy(mlflow::check)
                    .isInstanceOf(TransientException.class)
                    .hasMessageContaining("tries: 3");
        }
    }

    @Test
    void aDeletedExperimentSaysHowToGoOn() {
        answer(200, "{\"experiment\":{\"experiment_id\":\"7\",\"lifecycle_stage\":\"deleted\"}}");
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.experiments().findOrCreate("x"))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("restore --experiment-id 7");
        }
    }

    @Test
    void whatIsDownloadedMustHashAsExpected() throws Exception {
        RunView run = new RunView(
                "r",
                "1",
                "n",
                RunStatus.RUNNING,
                0,
                false,
                "mlflow-artifacts:/1/r/artifacts",
                Map.of(),
                Map.of(),
                Map.of());
        answer(200, "hello");
        answer(200, "hello");
        Path target = folder.resolve("x.txt");
        try (Mlflow mlflow = mlflow(Map.of())) {
            assertThatThrownBy(() -> mlflow.artifacts().download(run, "a b/x.txt", target, "00"))
                    .isInstanceOf(TransientException.class);
            assertThat(folder).isEmptyDirectory();
            StoredFile got = mlflow.artifacts().download(run, "a b/x.txt", target, Sha256.hex("hello"));
            assertThat(got.bytes()).isEqualTo(5);
            assertThat(Files.readString(target)).isEqualTo("hello");
        }
        assertThat(web.takeRequest().getUrl().encodedPath())
                .isEqualTo("/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a%20b/x.txt");
    }

    @Test
    void addressesAreChecked() {
        for (String bad : new String[] {
            "", "localhost:5000", "file:///tmp/x", "http://u:p@h/", "http://h/?a=1", "sqlite:///x", "http://a b"
        }) {
            assertThatThrownBy(() -> MlflowServer.of(bad, Map.of()))
                    .as(bad)
                    .isInstanceOf(UserException.class)
                    .hasMessageNotContaining("u:p");
        }
        assertThat(MlflowServer.of("http://h:1/prefix/", Map.of()).base()).hasToString("http://h:1/prefix");
    }
}
