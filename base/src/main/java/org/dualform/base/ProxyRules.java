package org.dualform.base;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy leads to an address, by the environment variables that curl and Python's requests read:
 * {@code http_proxy} or {@code https_proxy} by the address's scheme, else {@code all_proxy}, and {@code no_proxy}. Each may
 * be written in capitals; the one in small letters counts if both are set. An empty value means no proxy.
 *
 * <p>Unlike with curl, this machine is never reached through a proxy: the servers of {@code ./dualform up} listen on
 * 127.0.0.1, and no proxy could reach them. See {@link DirectHosts} for the form of {@code no_proxy}.
 */
public final class ProxyRules {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Map<String, String> environment;
    private final DirectHosts direct;

    public ProxyRules(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.direct = new DirectHosts(find("no_proxy").map(Setting::value).orElse(""));
    }

    private record Setting(String variable, String value) {}

    private Optional<Setting> find(String variable) {
        for (String name : new String[] {variable, variable.toUpperCase(Locale.ROOT)}) {
            String value = environment.get(name);
            if (value != null) return Optional.of(new Setting(name, value.strip()));
        }
        return Optional.empty();
    }

    private Optional<Setting> setting(URI uri) {
        return find(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT) + "_proxy")
                .or(() -> find("all_proxy"))
                .filter(setting -> !setting.value().isEmpty());
    }

    /** Whether the environment names a proxy for addresses of this scheme, even if not for this one. */
    public boolean concern(URI uri) {
        return setting(uri).isPresent();
    }

    /**
     * The proxy that leads to an address; empty if it is reached directly.
     *
     * @throws IllegalArgumentException if the variable's value is no address of a proxy; the message says so in whole
     *     sentences, without the password
     */
    public Optional<ProxyAddress> proxyFor(URI uri) {
        Optional<Setting> setting = setting(uri);
        if (setting.isEmpty() || uri.getHost() == null || direct.contains(uri.getHost(), port(uri))) {
            return Optional.empty();
        }
        return Optional.of(
                ProxyAddress.parse(setting.get().variable(), setting.get().value()));
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return "https".equalsIgnoreCase(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    }
}
