package org.dualform.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyBypassTest {
    private static final String HERE = "127.0.0.1,localhost,::1";

    @Test
    void thisMachineIsReachedWithoutAProxy() {
        assertThat(ProxyBypass.of(Map.of())).isEqualTo(both(HERE));
        assertThat(ProxyBypass.of(Map.of("NO_PROXY", " "))).isEqualTo(both(HERE));
    }

    @Test
    void theEnvironmentsOwnListStays() {
        assertThat(ProxyBypass.of(Map.of("NO_PROXY", "a.test,.b.test"))).isEqualTo(both("a.test,.b.test," + HERE));
    }

    @Test
    void theListInSmallLettersComesFirst() {
        // As in curl and in Python, which read the small letters where both are set.
        assertThat(ProxyBypass.of(Map.of("no_proxy", "a.test", "NO_PROXY", "b.test")))
                .isEqualTo(both("a.test," + HERE));
    }

    private static Map<String, String> both(String hosts) {
        return Map.of("no_proxy", hosts, "NO_PROXY", hosts);
    }
}
