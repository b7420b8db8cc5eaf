package org.dualform.contract;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.base.ProxyAddress;
import org.dualform.base.ProxyRules;

/**
 * The proxies of an environment, for every HTTP client of Dualform: {@code HTTPS_PROXY}, {@code NO_PROXY} and their kin, as
 * {@link ProxyRules} reads them. Where the environment names none, Java's own settings count
 * ({@code -Dhttps.proxyHost}, …).
 */
public final class Proxies extends ProxySelector {
    /** The header with which a client signs in at a proxy. */
    public static final String AUTHORIZATION = "Proxy-Authorization";

    private final ProxyRules rules;

    private Proxies(ProxyRules rules) {
        this.rules = rules;
    }

    public static Proxies of(Map<String, String> environment) {
        return new Proxies(new ProxyRules(environment));
    }

    /**
     * The proxy that the environment names for an address; empty if it names none, or if the address is reached directly.
     *
     * @throws UserException (78) if the variable's value is no address of a proxy
     */
    public Optional<ProxyAddress> find(URI uri) {
        try {
            return rules.proxyFor(uri);
        } catch (IllegalArgumentException e) {
            throw UserException.config(String.valueOf(e.getMessage()));
        }
    }

    /** The value of the header {@link #AUTHORIZATION} for a call to an address, if the variable names a user. */
    public Optional<String> authorization(URI uri) {
        return find(uri).flatMap(ProxyAddress::authorization);
    }

    @Override
    public List<Proxy> select(URI uri) {
        ProxySelector java = ProxySelector.getDefault();
        if (!rules.concern(uri) && java != null) return java.select(uri);
        return List.of(find(uri).map(Proxies::java).orElse(Proxy.NO_PROXY));
    }

    /** The proxy's name is resolved by the client. */
    private static Proxy java(ProxyAddress proxy) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The client itself tells of the failure.
    }
}
