package org.dualform.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result that a task writes (contract/schema/result.schema.json).
 *
 * @param cached whether a finished result of equal content was used
 * @param tracking the run this task wrote to or links to; null without tracking
 * @param outputs the files that the task made, by name
 * @param expand for {@code plan}, the lists of items that later steps are mapped over, one task for each item
 * @param metrics headline numbers; null where undefined
 * @param provenance versions, machine, times, content key
 * @param message what a person should know, in whole sentences; may be empty
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Result(
        int schema,
        String kind,
        Status status,
        boolean cached,
        @Nullable Run tracking,
        Map<String, Reference> outputs,
        @Nullable Map<String, List<Item>> expand,
        @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, @Nullable Double> metrics,
        ObjectNode provenance,
        String message) {

    /** How a task ended. */
    public enum Status {
        @JsonProperty("done")
        DONE,
        /** Fine-tuning diverged: a result, not a failure. */
        @JsonProperty("diverged")
        DIVERGED,
        @JsonProperty("skipped")
        SKIPPED,
        @JsonProperty("failed")
        FAILED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A run on the tracking server and the address people open. */
    public record Run(@JsonProperty("run_id") String runId, String url) {}

    /**
     * One task to be mapped.
     *
     * @param id unique within its list
     * @param name a readable name, shown as the map name in the Airflow grid
     * @param parameters all parameters of the mapped tasks
     * @param uses which instance of an earlier step this one reads, such as {@code select → 0}
     * @param cost the tokens that go through the model, by which long tasks are started first; null if unknown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            String id,
            String name,
            ObjectNode parameters,
            @Nullable Map<String, Integer> uses,
            @Nullable Long cost) {}

    /**
     * Reads a result that a task wrote.
     *
     * @throws UserException that names every mistake in it, as wrong data
     */
    public static Result parse(JsonNode json) {
        List<String> mistakes = Schemas.RESULT.mistakes(json);
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.DATA, mistakes);
        try {
            return Json.mapper().treeToValue(json, Result.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the result passed its schema and could not be read", e);
        }
    }

    /** The same result, with the run that the task wrote to or links to. */
    public Result with(Run run) {
        return new Result(schema, kind, status, cached, run, outputs, expand, metrics, provenance, message);
    }

    /** The same result, computed just now and without a run: what is kept of it for other tasks. */
    public Result untracked() {
        return new Result(schema, kind, status, false, null, outputs, expand, metrics, provenance, message);
    }

    /** The same result, with its files elsewhere. */
    public Result withOutputs(Map<String, Reference> places) {
        return new Result(schema, kind, status, cached, tracking, places, expand, metrics, provenance, message);
    }

    /** The same result, with another message. */
    public Result withMessage(String words) {
        return new Result(schema, kind, status, cached, tracking, outputs, expand, metrics, provenance, words);
    }

    public JsonNode toJson() {
        return Json.mapper().valueToTree(this);
    }
}
