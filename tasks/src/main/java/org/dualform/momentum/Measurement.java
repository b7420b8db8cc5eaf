package org.dualform.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.dualform.contract.Json;

/**
 * What one trained model does on data that it was not trained on.
 *
 * @param arm the model's arm
 * @param perplexity by the length of the documents
 * @param accuracy the share of right answers by shot count, as the mean over the built-in kinds of task
 * @param byTask the accuracy by kind of task and shot count; empty for a model of texts
 * @param diverged why the training stopped; empty if it did not
 */
public record Measurement(
        String arm,
        long seed,
        Map<Integer, Double> perplexity,
        Map<Integer, Double> accuracy,
        Map<String, Map<Integer, Double>> byTask,
        String diverged) {
    public Measurement {
        perplexity = new TreeMap<>(perplexity);
        accuracy = new TreeMap<>(accuracy);
        byTask = new TreeMap<>(byTask);
    }

    /** A training that stopped. */
    public static Measurement diverged(String arm, long seed, String why) {
        return new Measurement(arm, seed, Map.of(), Map.of(), Map.of(), why);
    }

    /** The mean over kinds of task, by shot count. */
    static Map<Integer, Double> mean(Map<String, Map<Integer, Double>> byTask) {
        Map<Integer, Double> mean = new TreeMap<>();
        byTask.values()
                .forEach(curve ->
                        curve.forEach((shots, share) -> mean.merge(shots, share / byTask.size(), Double::sum)));
        return mean;
    }

    /** The perplexity on documents of a length that was measured. */
    public double perplexityAt(int length) {
        return Objects.requireNonNull(perplexity.get(length));
    }

    /** The accuracy at a shot count that was measured. */
    public double accuracyAt(int shots) {
        return Objects.requireNonNull(accuracy.get(shots));
    }

    ObjectNode toJson() {
        return Json.mapper().valueToTree(this);
    }

    static Measurement of(JsonNode json) {
        return Json.mapper().convertValue(json, Measurement.class);
    }
}
