package org.dualform.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request that a task gets (contract/schema/request.schema.json).
 *
 * @param identity the caller of the task; never part of the content key
 * @param tracking where to write runs; null if nothing is tracked
 * @param parameters all parameters of the kind
 * @param inputs files made by earlier tasks, by name
 * @param workspace absolute path of the workspace folder
 * @param transport how outputs reach later tasks; null for {@link Transport#SHARED}; never part of the content key
 * @param fresh whether to compute even if a finished result of equal content exists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Request(
        int schema,
        String kind,
        @Nullable Identity identity,
        @Nullable Tracking tracking,
        ObjectNode parameters,
        Map<String, Reference> inputs,
        String workspace,
        @Nullable Transport transport,
        boolean fresh) {
    /** The contract's version. */
    public static final int SCHEMA = 1;

    /** How the files that a task makes reach the tasks that read them. */
    public enum Transport {
        /** All tasks see one workspace. */
        @JsonProperty("shared")
        SHARED,
        /** Files are sent to the tracking server, and fetched from there. */
        @JsonProperty("mlflow")
        MLFLOW
    }

    /** The Airflow task instance that asked, or the same fields from elsewhere. */
    public record Identity(
            @JsonProperty("dag_id") String dagId,
            @JsonProperty("run_id") String runId,
            @JsonProperty("task_id") String taskId,
            @JsonProperty("map_index") int mapIndex,
            @JsonProperty("try_number") int tryNumber) {}

    /** The tracking server, its experiment, and the study this task belongs to. */
    public record Tracking(String uri, String experiment, String study) {}

    public Request {
        inputs = Map.copyOf(inputs);
    }

    /** A request whose outputs stay in the workspace. */
    public Request(
            int schema,
            String kind,
            @Nullable Identity identity,
            @Nullable Tracking tracking,
            ObjectNode parameters,
            Map<String, Reference> inputs,
            String workspace,
            boolean fresh) {
        this(schema, kind, identity, tracking, parameters, inputs, workspace, null, fresh);
    }

    /**
     * Reads a request.
     *
     * @throws UserException that names every mistake in it
     */
    public static Request parse(JsonNode json) {
        List<String> mistakes = Schemas.REQUEST.mistakes(json);
        if (!mistakes.isEmpty()) throw UserException.all(ExitCode.USAGE, mistakes);
        try {
            return Json.mapper().treeToValue(json, Request.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the request passed its schema and could not be read", e);
        }
    }

    /** The same request, with its runs written to a tracking server. */
    public Request tracked(Tracking where) {
        return new Request(schema, kind, identity, where, parameters, inputs, workspace, transport, fresh);
    }

    /** The same request on a worker of its own: with another workspace, and files that travel as told. */
    public Request on(Path worker, Transport way) {
        return new Request(schema, kind, identity, tracking, parameters, inputs, worker.toString(), way, fresh);
    }

    /** Whether outputs are sent to the tracking server. */
    public boolean travelsThroughMlflow() {
        return transport == Transport.MLFLOW;
    }

    /**
     * The same request as a part of another one: its caller is the other's, and its runs and files go where the other's
     * go.
     *
     * @param anew whether to compute even if a finished result of equal content exists
     */
    public Request asPartOf(Request whole, boolean anew) {
        return new Request(
                schema,
                kind,
                whole.identity,
                whole.tracking,
                parameters,
                inputs,
                workspace,
                whole.transport,
                fresh || anew);
    }

    public JsonNode toJson() {
        return Json.mapper().valueToTree(this);
    }
}
