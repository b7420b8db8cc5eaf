package org.dualform.task.momentum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.momentum.result.MeanCurve;

/** Gathers learning curves of several seeds, and takes their mean. */
final class LearningCurves {
    /** By arm and step, one loss for each seed. */
    private final Map<String, Map<Integer, List<Double>>> losses = new LinkedHashMap<>();

    /** Adds one model's {@code learning_curve.jsonl}. */
    void add(String arm, Path file) throws IOException {
        Map<Integer, List<Double>> ofArm = losses.computeIfAbsent(arm, name -> new TreeMap<>());
        for (String line : Files.readAllLines(file)) {
            JsonNode point = Json.mapper().readTree(line);
            if (!point.has("held_out_loss")) continue;
            ofArm.computeIfAbsent(point.path("step").asInt(), step -> new ArrayList<>())
                    .add(point.path("held_out_loss").asDouble());
        }
    }

    /** The mean curves, in the order in which arms were added. */
    List<MeanCurve> means() {
        List<MeanCurve> means = new ArrayList<>();
        losses.forEach((arm, bySteps) -> {
            TreeMap<Integer, Double> mean = new TreeMap<>();
            bySteps.forEach((step, values) -> mean.put(
                    step, values.stream().mapToDouble(value -> value).average().orElseThrow()));
            means.add(new MeanCurve(arm, mean));
        });
        return means;
    }
}
