package org.dualform.task.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.contract.Reference;
import org.dualform.contract.Request;
import org.dualform.task.parameters.ParameterReader;

/**
 * The content key of a computation: the SHA-256 of everything that determines its outputs. That is the kind, its
 * algorithm's version, the parameters that the kind declares, and its inputs' hashes. The key does not depend on who
 * runs the task, on which machine, or where it is tracked. It does not depend on the folder of a hashed file either.
 */
final class ContentKey {
    private ContentKey() {}

    /** @param extra the content that the kind adds (see {@link TaskKind.Prepared#content}) */
    static String of(TaskKind<?> kind, ObjectNode parameters, Map<String, Reference> inputs, JsonNode extra) {
        ObjectNode content = JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind.name())
                .put("schema", Request.SCHEMA)
                .put("algorithm", kind.algorithmVersion());
        content.set("parameters", withoutPlaces(parameters));
        ObjectNode hashes = content.putObject("inputs");
        Map<String, Reference> counted = new TreeMap<>(inputs);
        counted.keySet().removeAll(kind.trackingInputs());
        counted.forEach((name, reference) -> hashes.put(name, reference.sha256()));
        content.set("content", extra);
        return Sha256.hex(Json.canonical(content));
    }

    /** Only the parameters that {@code kind} declares, as they stand in the request. */
    static ObjectNode visible(TaskKind<?> kind, ObjectNode parameters) {
        Set<String> declared = ParameterReader.names(kind.parameters());
        ObjectNode visible = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> field : parameters.properties()) {
            if (declared.contains(field.getKey())) visible.set(field.getKey(), field.getValue());
        }
        return visible;
    }

    /** A copy in which no object with a {@code sha256} has a {@code path} or {@code origin}: the bytes count, not their place. */
    private static ObjectNode withoutPlaces(ObjectNode parameters) {
        ObjectNode copy = parameters.deepCopy();
        for (JsonNode value : copy) {
            if (value instanceof ObjectNode object && object.has("sha256")) object.remove(List.of("path", "origin"));
        }
        return copy;
    }
}
