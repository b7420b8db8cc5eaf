package org.dualform.task.parameters;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import org.dualform.contract.Json;
import org.jspecify.annotations.Nullable;

/**
 * A model, a data set or a file of rows.
 *
 * @param name its name for people
 * @param path its file or folder
 * @param sha256 the hash of its bytes; the content key covers name and hash, but not the path
 * @param origin repository and commit, if it came from a hub; for provenance alone
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Source(String name, Path path, String sha256, Optional<String> origin) {
    @JsonCreator
    static Source of(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "path", required = true) String path,
            @JsonProperty(value = "sha256", required = true) String sha256,
            @JsonProperty("origin") @Nullable String origin) {
        return new Source(name, Path.of(path), sha256, Optional.ofNullable(origin));
    }

    /** The source in JSON, as in a request and in a plan. */
    @JsonValue
    public ObjectNode toJson() {
        ObjectNode json = Json.mapper()
                .createObjectNode()
                .put("name", name)
                .put("path", path.toString())
                .put("sha256", sha256);
        origin.ifPresent(from -> json.put("origin", from));
        return json;
    }

    /** Its entry in the provenance: everything but the path, which means nothing on another machine. */
    public ObjectNode withoutPath() {
        ObjectNode json = toJson();
        json.remove("path");
        return json;
    }
}
