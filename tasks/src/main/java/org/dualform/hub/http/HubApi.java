package org.dualform.hub.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.dualform.contract.Json;
import org.dualform.contract.TransientException;
import org.jspecify.annotations.Nullable;

/** Asks the hub two things: what a repository holds, and what a file is. */
public final class HubApi {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    /** Which etags are accepted: an etag becomes the name of a file. */
    private static final Pattern SAFE_ETAG = Pattern.compile("[\\w-][\\w.-]{0,199}");

    private final HubSettings settings;
    private final HubHttp http;
    private final Retries retries;

    public HubApi(HubSettings settings, HubHttp http, Retries retries) {
        this.settings = settings;
        this.http = http;
        this.retries = retries;
    }

    public Repository repository(HubName name, Runnable alive) {
        HttpUrl url = address("api", name.kind().plural())
                .addPathSegments(name.id())
                .addPathSegment("revision")
                .addPathSegment(name.revision())
                .build();
        String what = "Asking " + settings.hub() + " for the " + name.kind().word() + " " + name.id();
        String body = retries.keepTrying(what, alive, () -> http.text(url, name));
        JsonNode info;
        try {
            info = Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw notAHub(what, e);
        }
        String commit = info.path("sha").asText();
        if (!COMMIT.matcher(commit).matches()) throw notAHub(what, null);
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : info.path("siblings")) {
            String path = sibling.path("rfilename").asText();
            if (isSafe(path)) files.add(path);
        }
        return new Repository(name, commit, files, false);
    }

    public RemoteFile file(Repository repository, String path, Runnable alive) {
        HttpUrl url = settings.endpoint()
                .newBuilder()
                .addPathSegments(repository.name().kind().pagePrefix()
                        + repository.name().id())
                .addPathSegment("resolve")
                .addPathSegment(repository.commit())
                .addPathSegments(path)
                .build();
        String what = "Asking " + settings.hub() + " for " + path + " of " + repository.name();
        return retries.keepTrying(what, alive, () -> {
            try (Response response = http.head(url, repository.name())) {
                String etag = etag(response);
                if (!SAFE_ETAG.matcher(etag).matches()) throw notAHub(what, null);
                return new RemoteFile(path, etag, size(response), url);
            }
        });
    }

    private HttpUrl.Builder address(String... segments) {
        HttpUrl.Builder builder = settings.endpoint().newBuilder();
        for (String segment : segments) builder.addPathSegment(segment);
        return builder;
    }

    private static String etag(Response response) {
        String etag = response.header("X-Linked-Etag");
        if (etag == null) etag = response.header("ETag", "");
        return String.valueOf(etag).replaceFirst("^W/", "").replace("\"", "");
    }

    private static long size(Response response) throws IOException {
        String size = response.header("X-Linked-Size");
        if (size == null && !response.isRedirect()) size = response.header("Content-Length");
        return size != null && size.matches("\\d{1,18}") ? Long.parseLong(size) : -1;
    }

    private TransientException notAHub(String what, @Nullable Throwable cause) {
        return new TransientException(
                what + " gave an answer that is not a hub's. If HF_ENDPOINT or a proxy is set, check its address.",
                cause);
    }

    /** Whether a path stays inside its folder, on every operating system. */
    private static boolean isSafe(String path) {
        if (path.isEmpty() || path.contains("\\") || path.contains(":") || path.indexOf('\0') >= 0) return false;
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) return false;
        }
        return true;
    }
}
