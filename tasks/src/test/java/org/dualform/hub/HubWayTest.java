package org.dualform.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dualform.contract.Progress;
import org.dualform.contract.TransientException;
import org.dualform.contract.UserException;
import org.dualform.hub.http.HubName;
import org.dualform.hub.http.RepoKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the way to a hub: proxies, and servers that are none. */
class HubWayTest {
    @TempDir
    Path home;

    private final FakeHub server = new FakeHub().withModel();

    @AfterEach
    void stop() {
        server.close();
    }

    /** A hub whose name nobody can resolve, so that only the proxy reaches it. */
    private Map<String, String> behindProxy(String proxy) {
        Map<String, String> environment = new HashMap<>(server.environment(home));
        environment.put("HF_ENDPOINT", "http://hub.invalid");
        environment.put("HTTP_PROXY", proxy);
        return environment;
    }

    private Fetched fetch(Map<String, String> environment) {
        try (Hub hub = FakeHub.open(environment)) {
            HubName name = HubName.parse(RepoKind.MODEL, "acme/tiny").orElseThrow();
            return hub.model(name, Progress.none(), line -> {});
        }
    }

    private String address(String user) {
        return server.url().replace("http://", "http://" + user);
    }

    @Test
    void aModelComesThroughAProxy() {
        server.proxyAuthorization = "Basic bWU6czpjcmV0";
        Path folder = fetch(behindProxy(address("me:s%3Acret@"))).folder();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(server.files.get("model.safetensors"));
        // This machine is reached directly: large files come from a second server on it.
        assertThat(server.seen).anyMatch(request -> request.server().equals("cdn"));
    }

    @Test
    void whatIsWrongWithAProxyIsExplained() {
        server.proxyAuthorization = "Basic other";
        assertThatThrownBy(() -> fetch(behindProxy(address("me:secret@"))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The proxy on the way to hub.invalid wants a sign-in (407)")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> fetch(behindProxy("socks5://me:secret@h:1080")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HTTP_PROXY has to name a proxy")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() {
        server.apiHasNoEnd = true;
        assertThatThrownBy(() -> fetch(server.environment(home)))
                .isInstanceOf(TransientException.class)
                .hasMessageContaining("more than 64 MiB");
        assertThat(server.seen).hasSize(1);
    }
}
