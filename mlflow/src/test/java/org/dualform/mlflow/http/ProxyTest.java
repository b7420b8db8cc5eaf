package org.dualform.mlflow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the way to an MLflow server that only a proxy can reach: no name here can be resolved. */
class ProxyTest {
    private static final CallLimits SHORT = new CallLimits(
            Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, Duration.ofMillis(1));

    private final MockWebServer proxy = new MockWebServer();

    @BeforeEach
    void start() throws Exception {
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void answer(int code, String body) {
        proxy.enqueue(new MockResponse.Builder().code(code).body(body).build());
    }

    private String address(String user) {
        return "http://" + user + "127.0.0.1:" + proxy.getPort();
    }

    private static MlflowReply version(String server, Map<String, String> environment) {
        try (MlflowHttp http = new MlflowHttp(MlflowServer.of(server, environment), SHORT)) {
            return http.get("version", Map.of());
        }
    }

    @Test
    void theProxyGetsTheWholeAddress() throws Exception {
        answer(200, "3.17.2");
        assertThat(version("http://mlflow.invalid:5000", Map.of("HTTP_PROXY", address("")))
                        .text())
                .isEqualTo("3.17.2");
        assertThat(proxy.takeRequest().getRequestLine()).isEqualTo("GET http://mlflow.invalid:5000/version HTTP/1.1");
    }

    @Test
    void theUserOfTheProxySignsInThere() throws Exception {
        answer(407, "who are you?");
        answer(200, "3.17.2");
        version("http://mlflow.invalid:5000", Map.of("http_proxy", address("me:s%3Acret@")));
        assertThat(proxy.takeRequest().getHeaders().get("Proxy-Authorization")).isNull();
        assertThat(proxy.takeRequest().getHeaders().get("Proxy-Authorization")).isEqualTo("Basic bWU6czpjcmV0");
    }

    @Test
    void aSignInThatIsRefusedIsExplained() {
        answer(407, "who are you?");
        assertThatThrownBy(() -> version("http://mlflow.invalid:5000", Map.of("HTTP_PROXY", address(""))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The proxy on the way to MLflow")
                .hasMessageContaining("(407)");
    }

    @Test
    void aTunnelLeadsToHttps() throws Exception {
        answer(403, "");
        assertThatThrownBy(() -> version("https://mlflow.invalid", Map.of("HTTPS_PROXY", address("me:secret@"))))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("CONNECT: 403");
        RecordedRequest request = proxy.takeRequest();
        assertThat(request.getRequestLine()).isEqualTo("CONNECT mlflow.invalid:443 HTTP/1.1");
        assertThat(request.getHeaders().get("Proxy-Authorization")).isEqualTo("Basic bWU6c2VjcmV0");
    }

    @Test
    void thisMachineIsReachedDirectly() throws Exception {
        try (MockWebServer mlflow = new MockWebServer()) {
            mlflow.start();
            mlflow.enqueue(new MockResponse.Builder().body("3.17.2").build());
            version("http://127.0.0.1:" + mlflow.getPort(), Map.of("HTTP_PROXY", address("")));
            assertThat(mlflow.takeRequest().getRequestLine()).isEqualTo("GET /version HTTP/1.1");
        }
        assertThat(proxy.getRequestCount()).isZero();
    }

    @Test
    void aProxyThatIsNoneIsToldAtOnce() {
        assertThatThrownBy(() ->
                        MlflowServer.of("https://mlflow.invalid", Map.of("HTTPS_PROXY", "socks5://me:secret@h:1080")))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.exitCode().code()).isEqualTo(78))
                .hasMessageContaining("HTTPS_PROXY has to name a proxy")
                .hasMessageNotContaining("secret");
    }
}
