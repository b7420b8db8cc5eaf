package org.dualform.cli.stack;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the servers' programs are told where an environment names a proxy. They reach each other at 127.0.0.1, where no
 * proxy could reach them; Java's clients know that, but Python's ask the proxy unless {@code NO_PROXY} names the address.
 */
final class ProxyBypass {
    private static final String THIS_MACHINE = "127.0.0.1,localhost,::1";

    private ProxyBypass() {}

    /** Changes to the environment: its own list, and this machine. */
    static Map<String, String> of(Map<String, String> environment) {
        String own = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        String all = own.isBlank() ? THIS_MACHINE : own + "," + THIS_MACHINE;
        return new TreeMap<>(Map.of("no_proxy", all, "NO_PROXY", all));
    }
}
