package org.dualform.hub.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import org.dualform.contract.Proxies;
import org.dualform.contract.UserException;

/**
 * Where the hub and its cache are. The settings come from the same environment variables as in Python's
 * huggingface_hub.
 *
 * @param endpoint {@code HF_ENDPOINT}
 * @param cache {@code HF_HUB_CACHE}, else {@code hub} in {@code HF_HOME}
 * @param offline {@code HF_HUB_OFFLINE}: only the cache is used
 * @param token {@code HF_TOKEN}, or the token file of the hub's own tools
 * @param proxies the proxies through which hosts are reached
 */
public record HubSettings(HttpUrl endpoint, Path cache, boolean offline, Optional<HubToken> token, Proxies proxies) {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    public static HubSettings fromEnvironment(Map<String, String> environment) {
        Path user = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "")));
        Path caches = path(environment, "XDG_CACHE_HOME", user).orElse(user.resolve(".cache"));
        Path home = path(environment, "HF_HOME", user).orElse(caches.resolve("huggingface"));
        Path cache = path(environment, "HF_HUB_CACHE", user)
                .or(() -> path(environment, "HUGGINGFACE_HUB_CACHE", user))
                .orElse(home.resolve("hub"));
        boolean offline = isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE");
        Path tokenFile = path(environment, "HF_TOKEN_PATH", user).orElse(home.resolve("token"));
        return new HubSettings(
                endpoint(environment),
                cache.toAbsolutePath().normalize(),
                offline,
                token(environment, tokenFile),
                Proxies.of(environment));
    }

    /** Whether the token may be sent to this address: only to the endpoint's own scheme, host and port. */
    boolean owns(HttpUrl url) {
        return url.scheme().equals(endpoint.scheme())
                && url.host().equals(endpoint.host())
                && url.port() == endpoint.port();
    }

    /** The endpoint as people write it, without a slash at its end. */
    String hub() {
        String text = endpoint.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static HttpUrl endpoint(Map<String, String> environment) {
        String given = environment.getOrDefault("HF_ENDPOINT", "").strip();
        HttpUrl url = HttpUrl.parse((given.isEmpty() ? PUBLIC_HUB : given).replaceAll("/+$", ""));
        if (url == null) {
            throw UserException.config(
                    "HF_ENDPOINT has to be an address that begins with https:// or http:// (value: " + given + ").");
        }
        return url;
    }

    private static Optional<HubToken> token(Map<String, String> environment, Path file) {
        for (String variable : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            Optional<HubToken> token = HubToken.of(environment.getOrDefault(variable, ""), variable);
            if (token.isPresent()) return token;
        }
        if (!Files.isRegularFile(file)) return Optional.empty();
        try {
            return HubToken.of(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw UserException.config("The token file " + file + " could not be read: " + e + ".");
        }
    }

    private static Optional<Path> path(Map<String, String> environment, String variable, Path user) {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) return Optional.empty();
        if (value.equals("~")) return Optional.of(user);
        return Optional.of(value.startsWith("~/") ? user.resolve(value.substring(2)) : Path.of(value));
    }

    private static boolean isTrue(Map<String, String> environment, String variable) {
        return TRUE.contains(environment.getOrDefault(variable, "").strip().toLowerCase(Locale.ROOT));
    }
}
