package org.dualform.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which proxy leads to an address. */
class ProxyRulesTest {
    private static final String PROXY = "http://proxy.example:3128";

    private static String proxy(String uri, Map<String, String> environment) {
        return new ProxyRules(environment)
                .proxyFor(URI.create(uri))
                .map(ProxyAddress::toString)
                .orElse("direct");
    }

    @Test
    void theSchemeOfTheAddressChoosesTheVariable() {
        Map<String, String> both = Map.of("HTTP_PROXY", "a:1", "HTTPS_PROXY", "b:2", "ALL_PROXY", "c:3");
        assertThat(proxy("http://h/", both)).isEqualTo("a:1");
        assertThat(proxy("https://h/", both)).isEqualTo("b:2");
        assertThat(proxy("https://h/", Map.of("all_proxy", "c:3"))).isEqualTo("c:3");
        assertThat(proxy("http://h/", Map.of("HTTPS_PROXY", "b:2"))).isEqualTo("direct");
        assertThat(proxy("http://h/", Map.of())).isEqualTo("direct");
    }

    @Test
    void smallLettersCountMoreAndAnEmptyValueMeansNone() {
        assertThat(proxy("http://h/", Map.of("http_proxy", "a:1", "HTTP_PROXY", "b:2")))
                .isEqualTo("a:1");
        assertThat(proxy("http://h/", Map.of("http_proxy", " ", "HTTP_PROXY", "b:2")))
                .isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, hub.example",
        "hub.example, a.hub.example",
        ".hub.example, hub.example",
        "*.hub.example, a.hub.example",
        "Hub.Example., HUB.example",
        "*, anything",
        "10.0.0.7, 10.0.0.7",
        "10.0.0.0/8, 10.9.8.7",
        "192.168.4.0/22, 192.168.7.255",
        "[2001:db8::1], [2001:db8:0::1]",
        "2001:db8::/32, [2001:db8:ffff::2]",
        "hub.example:8080, hub.example:8080",
        "hub.example:80, hub.example",
        "[2001:db8::1]:80, [2001:db8::1]",
        "'a, b hub.example', hub.example",
        "'', localhost",
        "'', mine.localhost",
        "'', 127.0.0.1:5000",
        "'', 127.9.9.9",
        "'', [::1]:5000"
    })
    void whatNoProxyNamesIsReachedDirectly(String noProxy, String host) {
        assertThat(proxy("http://" + host + "/x", Map.of("HTTP_PROXY", PROXY, "NO_PROXY", noProxy)))
                .isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, myhub.example",
        "hub.example, hub.example.org",
        "hub.example:8080, hub.example",
        "10.0.0.0/8, 11.0.0.1",
        "192.168.4.0/22, 192.168.8.0",
        "10.0.0.0/99, 10.0.0.1",
        "/var/run/docker.sock, run",
        "0.0, 10.0.0.0",
        "2001:db8::/32, 10.0.0.1",
        "' , ', hub.example"
    })
    void everythingElseIsReachedByTheProxy(String noProxy, String host) {
        assertThat(proxy("http://" + host + "/x", Map.of("HTTP_PROXY", PROXY, "no_proxy", noProxy)))
                .isEqualTo("proxy.example:3128");
    }

    @Test
    void aProxyMayHaveAUserAndMayLackSchemeAndPort() {
        ProxyAddress signedIn = ProxyAddress.parse("X", "http://me:p%40s+s%C3%A9@[::1]:8080/");
        assertThat(signedIn).hasToString("[::1]:8080");
        assertThat(signedIn.authorization()).contains("Basic bWU6cEBzK3PDqQ==");
        assertThat(ProxyAddress.parse("X", "proxy.example")).hasToString("proxy.example:80");
        assertThat(ProxyAddress.parse("X", "proxy.example").authorization()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://me:secret@h:1080",
                "https://me:secret@h:3128",
                "http://me:secret@h:70000",
                "http://me:secret@h:0",
                "http://me:secret@",
                "http://me:secret@h:3128/path",
                "http://me:100%secret@h:3128",
                "me:secret@h:port"
            })
    void aMalformedValueIsExplainedWithoutThePassword(String value) {
        assertThatThrownBy(() -> proxy("https://h/", Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HTTPS_PROXY has to name a proxy as http://HOST:PORT")
                .hasMessageContaining(value.substring(value.indexOf('@')))
                .hasMessageNotContaining("secret");
        assertThat(proxy("http://h/", Map.of("HTTPS_PROXY", value)))
                .as("a value that nothing needs")
                .isEqualTo("direct");
    }
}
