package org.dualform.task.file;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.prompt.Template;
import org.dualform.task.parameters.Source;

/**
 * The file that {@code plan} writes ({@code plan.json}) and the last tasks of a study read. It describes every cell,
 * even one that never ran.
 *
 * @param schema version of this file
 * @param spec the normalised experiment
 * @param datasets one for each data set and template of the experiment, in its order
 * @param select the items that {@code select} is mapped over
 * @param cells the items that the cells' tasks are mapped over
 * @param threads the number of threads of every task
 * @param device the device of every task: {@code cpu} or {@code cuda:i}
 * @param chunkRows the number of queries that every task runs at once
 * @param cost tokens and bytes, by name
 * @param warnings for people
 */
public record PlanFile(
        int schema,
        JsonNode spec,
        Source model,
        List<Dataset> datasets,
        List<Result.Item> select,
        List<Result.Item> cells,
        int threads,
        String device,
        @JsonProperty("chunk_rows") int chunkRows,
        ObjectNode cost,
        List<String> warnings) {
    /** The version of this file's format. */
    public static final int SCHEMA = 1;

    /** Its name among the outputs of {@code plan}. */
    public static final String OUTPUT = "plan";

    /** Its name in a folder. */
    public static final String FILE = "plan.json";

    /** A data set with one template for it. */
    public record Dataset(Source source, String split, Template template) {
        @JsonCreator
        static Dataset of(ObjectNode json) throws JsonProcessingException {
            return new Dataset(
                    Json.mapper().treeToValue(json, Source.class),
                    json.path("split").asText(),
                    Json.mapper().treeToValue(json.path("template"), Template.class));
        }

        /** Adds split and template to the source's own fields. */
        private ObjectNode toJson(ObjectNode source) {
            source.put("split", split).set("template", Json.mapper().valueToTree(template));
            return source;
        }

        /** Its entry in the provenance: everything but the path. */
        public ObjectNode withoutPath() {
            return toJson(source.withoutPath());
        }
    }

    public PlanFile {
        datasets = List.copyOf(datasets);
        select = List.copyOf(select);
        cells = List.copyOf(cells);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the file.
     *
     * @throws UserException if it does not have this format
     */
    public static PlanFile read(Path file) throws IOException {
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), PlanFile.class);
        } catch (JsonProcessingException e) {
            throw UserException.data(
                    "The plan " + file + " is not in the form that plan writes: " + e.getOriginalMessage() + ".", e);
        }
    }

    /** Writes it into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), Json.pretty(toJson()), StandardCharsets.UTF_8);
    }

    /** The content in the order in which it is written. */
    public ObjectNode toJson() {
        ObjectNode json = Json.mapper().createObjectNode().put("schema", schema);
        json.set("spec", spec);
        json.set("model", model.toJson());
        ArrayNode sets = json.putArray("datasets");
        datasets.forEach(dataset -> sets.add(dataset.toJson(dataset.source().toJson())));
        json.set("select", Json.mapper().valueToTree(select));
        json.set("cells", Json.mapper().valueToTree(cells));
        json.put("threads", threads).put("device", device).put("chunk_rows", chunkRows);
        json.set("cost", cost);
        warnings.forEach(json.putArray("warnings")::add);
        return json;
    }
}
