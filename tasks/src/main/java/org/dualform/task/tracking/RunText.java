package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.task.file.Parameters;

/** Names, params and data sets of runs, from a cell's parameters or a study's spec. */
final class RunText {
    private static final int DIGEST = 32;

    private RunText() {}

    /** As {@code sst2 icl, seed 1}; order and arm where they are not the usual ones. */
    static String name(JsonNode parameters, String what) {
        StringBuilder name = new StringBuilder(
                        parameters.path(Parameters.DATASET).path("name").asText())
                .append(' ')
                .append(what)
                .append(", seed ")
                .append(parameters.path(Parameters.SEED).asInt());
        int order = parameters.path(Parameters.ORDER).asInt();
        if (order != 0) name.append(", order ").append(order);
        String arm = parameters.path(Parameters.ARM).asText();
        if (!arm.equals("main")) name.append(", ").append(arm);
        return name.toString();
    }

    /** What was asked for, in the words of the spec. */
    static Map<String, String> cellParams(JsonNode parameters) {
        Map<String, String> params = new TreeMap<>();
        for (String name : List.of(
                Parameters.CELL,
                Parameters.SEED,
                Parameters.ORDER,
                Parameters.ARM,
                Parameters.SHOTS,
                Parameters.LIMIT,
                Parameters.SPLIT,
                Parameters.DESCRIPTION,
                Parameters.PASSES,
                Parameters.SELECT,
                Parameters.SELECT_ON,
                Parameters.THREADS,
                Parameters.DEVICE,
                Parameters.CHUNK_ROWS,
                Parameters.DTYPE,
                Parameters.RECORD_POSITION,
                Parameters.RESERVE_TOKENS)) {
            if (parameters.has(name)) params.put(name, plain(parameters.path(name)));
        }
        params.put("model", parameters.path(Parameters.MODEL).path("name").asText());
        params.put(
                "model_sha256", parameters.path(Parameters.MODEL).path("sha256").asText());
        params.put("dataset", parameters.path(Parameters.DATASET).path("name").asText());
        params.put("template", parameters.path(Parameters.TEMPLATE).path("name").asText());
        params.put(
                "template_version",
                parameters.path(Parameters.TEMPLATE).path("version").asText());
        return params;
    }

    /** The whole spec, a param a field. */
    static Map<String, String> specParams(JsonNode spec) {
        Map<String, String> params = new TreeMap<>();
        spec.properties().forEach(field -> params.put(field.getKey(), plain(field.getValue())));
        return params;
    }

    static List<DatasetUse> datasets(JsonNode parameters, int demonstrations, int evaluated) {
        JsonNode dataset = parameters.path(Parameters.DATASET);
        String name = dataset.path("name").asText();
        String sha256 = dataset.path("sha256").asText();
        boolean fetched = dataset.path("origin").isTextual();
        String type = fetched ? "hub" : "local";
        String source = Json.write(Json.mapper()
                .createObjectNode()
                .put("uri", dataset.path(fetched ? "origin" : "path").asText()));
        return List.of(
                new DatasetUse(name, digest(sha256), type, source, null, rows(demonstrations), "demonstrations"),
                new DatasetUse(
                        name + " " + parameters.path(Parameters.SPLIT).asText(),
                        digest(sha256),
                        type,
                        source,
                        null,
                        rows(evaluated),
                        "evaluation"));
    }

    private static String rows(int rows) {
        return Json.write(Json.mapper().createObjectNode().put("num_rows", rows));
    }

    private static String digest(String sha256) {
        return sha256.substring(0, Math.min(DIGEST, sha256.length()));
    }

    private static String plain(JsonNode value) {
        if (!value.isArray()) return value.asText();
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }
}
