package org.dualform.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.dualform.airflow.http.AirflowLogin;
import org.dualform.contract.Proxies;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the way to an Airflow server that only a proxy can reach: no name here can be resolved. */
class AirflowProxyTest {
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
        proxy.enqueue(new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body)
                .build());
    }

    private static AirflowClient client(String url, String variable, String value) {
        AirflowLogin login = new AirflowLogin(URI.create(url), "admin", "x");
        return new AirflowClient(login, Proxies.of(Map.of(variable, value)));
    }

    private String address(String user) {
        return "http://" + user + "127.0.0.1:" + proxy.getPort();
    }

    @Test
    void theProxyGetsTheWholeAddressAndItsUser() throws Exception {
        answer(200, "{\"version\": \"3.3.2\"}");
        assertThat(client("http://airflow.invalid:8080", "HTTP_PROXY", address("me:secret@"))
                        .version())
                .isEqualTo("3.3.2");
        RecordedRequest request = proxy.takeRequest();
        assertThat(request.getRequestLine()).isEqualTo("GET http://airflow.invalid:8080/api/v2/version HTTP/1.1");
        assertThat(request.getHeaders().get("Proxy-Authorization")).isEqualTo("Basic bWU6c2VjcmV0");
    }

    @Test
    void aTunnelLeadsToHttps() throws Exception {
        answer(403, "");
        assertThatThrownBy(() -> client("https://airflow.invalid", "https_proxy", address(""))
                        .version())
                .isInstanceOf(RuntimeException.class);
        assertThat(proxy.takeRequest().getRequestLine()).isEqualTo("CONNECT airflow.invalid:443 HTTP/1.1");
    }

    @Test
    void aSignInThatIsRefusedIsExplained() {
        answer(407, "{}");
        assertThatThrownBy(() -> client("http://airflow.invalid:8080", "HTTP_PROXY", address(""))
                        .version())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The proxy on the way to Airflow")
                .hasMessageContaining("(407)");
    }

    @Test
    void aProxyThatIsAwayIsNotTakenForAirflow() {
        assertThatThrownBy(() -> client("http://airflow.invalid:8080", "HTTP_PROXY", "127.0.0.1:1")
                        .version())
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("The proxy 127.0.0.1:1 on the way to Airflow")
                .hasMessageNotContaining("./dualform up");
    }

    @Test
    void thisMachineIsReachedDirectly() throws Exception {
        answer(200, "{\"version\": \"3.3.2\"}");
        client("http://127.0.0.1:" + proxy.getPort(), "HTTP_PROXY", "127.0.0.1:1")
                .version();
        assertThat(proxy.takeRequest().getRequestLine()).isEqualTo("GET /api/v2/version HTTP/1.1");
    }

    @Test
    void aProxyThatIsNoneIsToldAtOnce() {
        assertThatThrownBy(() -> client("https://airflow.invalid", "HTTPS_PROXY", "https://me:secret@h:3128"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("https is not supported")
                .hasMessageNotContaining("secret");
    }
}
