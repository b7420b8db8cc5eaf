package org.dualform.task.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.UserException;
import org.dualform.score.result.SelectionCurve;
import org.dualform.spec.Method;
import org.dualform.spec.choice.SelectOn;
import org.jspecify.annotations.Nullable;

/**
 * The file that {@code select} writes ({@code selection.json}). It has the learning rate, each method's choice, and the
 * methods' accuracies on the selection rows.
 *
 * @param rate the learning rate and where it comes from
 * @param rows the rows of the choices; null if nothing was chosen
 * @param chosen each method's choice; empty if the methods choose nothing
 * @param candidates the candidates that each method tried, in that order
 * @param curve the curves of both methods on the selection rows; null if no training row is left, and for controls
 */
public record SelectionFile(
        RateChoice rate,
        @Nullable Rows rows,
        Map<Method, CandidateChoice> chosen,
        Map<Method, List<Tried>> candidates,
        @Nullable SelectionCurve curve) {
    /** Its name among the outputs of {@code select}. */
    public static final String OUTPUT = "selection";

    /** Its name in a folder. */
    public static final String FILE = "selection.json";

    /**
     * The rows that choices were made on.
     *
     * @param n the number of rows
     */
    public record Rows(SelectOn on, int n) {}

    /**
     * A candidate and its results, averaged over its seeds.
     *
     * @param accuracy the accuracy; null if training or the scores diverged
     * @param meanLogLikelihood the mean log likelihood of the right label, in nats; null in the same cases
     * @param reason the reason why there are no numbers; null if there are
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Tried(
            CandidateChoice choice,
            @Nullable Double accuracy,
            @Nullable Double meanLogLikelihood,
            @Nullable String reason) {}

    public SelectionFile {
        chosen = new TreeMap<>(chosen);
        candidates = new TreeMap<>(candidates);
    }

    /** The learning rate; empty if no fine-tuning was requested. */
    public OptionalDouble learningRate() {
        return rate.learningRate();
    }

    /**
     * Reads the file.
     *
     * @throws UserException if it does not have this format
     */
    public static SelectionFile read(Path file) throws IOException {
        try {
            return of(Json.mapper().readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw UserException.data(
                    "The selection " + file + " is not in the form that select writes: " + e.getMessage() + ".", e);
        }
    }

    private static SelectionFile of(JsonNode json) throws JsonProcessingException {
        Map<Method, CandidateChoice> chosen = new TreeMap<>();
        Map<Method, List<Tried>> candidates = new TreeMap<>();
        for (Method method : Method.values()) {
            JsonNode choice = json.path("chosen").path(method.id());
            if (choice.isObject()) chosen.put(method, Json.mapper().treeToValue(choice, CandidateChoice.class));
            JsonNode tried = json.path("candidates").path(method.id());
            if (tried.isArray()) candidates.put(method, List.of(Json.mapper().treeToValue(tried, Tried[].class)));
        }
        JsonNode curve = json.path("curve");
        return new SelectionFile(
                RateChoice.of(json),
                json.has("on")
                        ? new Rows(
                                Json.mapper().treeToValue(json.path("on"), SelectOn.class),
                                json.path("n").asInt())
                        : null,
                chosen,
                candidates,
                curve.isObject() ? Json.mapper().treeToValue(curve, SelectionCurve.class) : null);
    }

    /** Writes it into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), Json.pretty(toJson()), StandardCharsets.UTF_8);
    }

    /** The content in the order in which it is written. The rows come before a rate that was chosen on them. */
    ObjectNode toJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        boolean rowsFirst = rate instanceof RateChoice.Chosen;
        if (rowsFirst) putRows(json);
        rate.put(json);
        if (!rowsFirst) putRows(json);
        if (!chosen.isEmpty()) {
            ObjectNode choices = json.putObject("chosen");
            chosen.forEach(
                    (method, choice) -> choices.set(method.id(), Json.mapper().valueToTree(choice)));
            ObjectNode tried = json.putObject("candidates");
            candidates.forEach(
                    (method, all) -> tried.set(method.id(), Json.mapper().valueToTree(all)));
        }
        if (curve != null) json.set("curve", Json.mapper().valueToTree(curve));
        return json;
    }

    private void putRows(ObjectNode json) {
        if (rows != null) json.put("on", rows.on().id()).put("n", rows.n());
    }
}
