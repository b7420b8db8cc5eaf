package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.base.CommaList;
import org.dualform.base.Sha256;
import org.dualform.contract.Json;
import org.dualform.mlflow.value.DatasetUse;
import org.dualform.prompt.ChatUse;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.choice.Chat;
import org.dualform.task.parameters.Source;

/** Makes the params and data sets of runs from a cell's parameters or a study's spec. */
final class RunParams {
    private static final int DIGEST = 32;

    /** Parameters of an item that its runs show as params, under the same names. */
    private static final List<String> PARAMS = List.of(
            "cell",
            "seed",
            "order",
            "arm",
            "shots",
            "limit",
            "split",
            "description",
            "passes",
            "select",
            "select_on",
            "threads",
            "device",
            "chunk_rows",
            "dtype",
            "record_position",
            "reserve_tokens");

    private RunParams() {}

    /** The cell's request, in the terms of the spec. */
    static Map<String, String> cellParams(ObjectNode parameters, TrackedCell cell) {
        Map<String, String> params = new TreeMap<>();
        for (String name : PARAMS) if (parameters.has(name)) params.put(name, plain(parameters.path(name)));
        params.put("model", cell.model().name());
        params.put("model_sha256", cell.model().sha256());
        params.put("dataset", cell.dataset().name());
        params.put("template", cell.template().name());
        ChatUse chat = cell.template().chat();
        params.put("chat", (chat == null ? Chat.OFF : Chat.AUTO).id());
        if (chat != null)
            params.put("chat_demonstrations", chat.demonstrations().id());
        params.put("template_version", Integer.toString(cell.template().version()));
        return params;
    }

    /** The whole spec, with one param for each field. */
    static Map<String, String> specParams(JsonNode spec) {
        Map<String, String> params = new TreeMap<>();
        spec.properties().forEach(field -> params.put(field.getKey(), plain(field.getValue())));
        return params;
    }

    /**
     * The data set in its two uses, each with the rows that were used. MLflow keeps one profile for each name and digest
     * in an experiment, so the digest is that of these very rows.
     */
    static List<DatasetUse> datasets(TrackedCell cell, PromptSet prompts) {
        List<List<Object>> demonstrations = new ArrayList<>();
        prompts.demonstrations()
                .forEach(shown -> demonstrations.add(List.of(shown.row(), shown.text(), shown.label())));
        List<List<Object>> evaluated = new ArrayList<>();
        prompts.queries().forEach(query -> evaluated.add(List.of(query.row(), query.text(), query.gold())));
        String name = cell.dataset().name();
        return List.of(
                use(cell.dataset(), name, demonstrations, "demonstrations"),
                use(cell.dataset(), name + " " + cell.split(), evaluated, "evaluation"));
    }

    /** @param rows id, text and label of each row */
    private static DatasetUse use(Source dataset, String name, List<List<Object>> rows, String context) {
        ObjectNode source = Json.mapper()
                .createObjectNode()
                .put("uri", dataset.origin().orElse(dataset.path().toString()));
        ObjectNode profile =
                Json.mapper().createObjectNode().put("num_rows", rows.size()).put("dataset_sha256", dataset.sha256());
        String digest = Sha256.hex(dataset.sha256() + Json.write(Json.mapper().valueToTree(rows)));
        return new DatasetUse(
                name,
                digest.substring(0, DIGEST),
                dataset.origin().isPresent() ? "hub" : "local",
                Json.write(source),
                null,
                Json.write(profile),
                context);
    }

    private static String plain(JsonNode value) {
        if (!value.isArray()) return value.asText();
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return CommaList.text(items);
    }
}
