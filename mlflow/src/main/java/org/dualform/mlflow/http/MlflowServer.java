package org.dualform.mlflow.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Proxies;
import org.dualform.contract.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The address of an MLflow server, and how to sign in. The secret comes from the environment alone
 * ({@code MLFLOW_TRACKING_TOKEN}, else {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}).
 * {@link #toString()} never shows it. The environment also says through which proxy the server is reached ({@link Proxies}).
 */
public final class MlflowServer {
    private final URI base;
    private final @Nullable String authorization;
    private final Proxies proxies;

    private MlflowServer(URI base, @Nullable String authorization, Proxies proxies) {
        this.base = base;
        this.authorization = authorization;
        this.proxies = proxies;
        proxies.find(base);
    }

    /**
     * @param uri as in {@code http://127.0.0.1:5000}; a path prefix is kept
     * @param environment where the secret and the proxy are looked up
     * @throws UserException if this is no address of a server, if it carries a secret, or if the variable of the proxy that
     *     leads to it names none
     */
    public static MlflowServer of(String uri, Map<String, String> environment) {
        return new MlflowServer(parse(uri.strip()), authorization(environment), Proxies.of(environment));
    }

    /** The server that {@code MLFLOW_TRACKING_URI} names; empty if the variable is not set. */
    public static Optional<MlflowServer> fromEnvironment(Map<String, String> environment) {
        String uri = environment.getOrDefault("MLFLOW_TRACKING_URI", "");
        return uri.isBlank() ? Optional.empty() : Optional.of(of(uri, environment));
    }

    private static URI parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw UserException.config("The MLflow address '" + text + "' is not a URI (" + e.getReason()
                    + "). Write it as http://HOST:PORT.");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getRawUserInfo() != null) {
            throw UserException.config("The MLflow address carries a user name or password. Give them as "
                    + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the environment instead.");
        }
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw UserException.config("The MLflow address '" + text
                    + "' names no server. Write it as http://HOST:PORT; folders and databases are not supported.");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw UserException.config("The MLflow address '" + text + "' has a query or a fragment. Write it as "
                    + scheme + "://" + uri.getRawAuthority() + ".");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
        return URI.create(scheme + "://" + uri.getRawAuthority() + path);
    }

    private static @Nullable String authorization(Map<String, String> environment) {
        String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
        if (!token.isBlank()) {
            return "Bearer " + printable("MLFLOW_TRACKING_TOKEN", token.strip());
        }
        String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
        String password = environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        if (user.isEmpty() && password.isEmpty()) {
            return null;
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String printable(String variable, String secret) {
        if (!secret.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw UserException.config(variable + " holds characters that no HTTP header may carry.");
        }
        return secret;
    }

    /** The address, without a slash at the end. */
    public URI base() {
        return base;
    }

    @Nullable String authorization() {
        return authorization;
    }

    Proxies proxies() {
        return proxies;
    }

    @Override
    public String toString() {
        return base + (authorization == null ? "" : " (signed in)");
    }
}
