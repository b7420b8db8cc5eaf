package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Tags;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;

/**
 * Tracks the run of a pretraining: its curves while they grow, by step, and the recipe as params. What a clock measures
 * is kept as tags, which may change.
 */
public final class TrainingTracking extends OwnedRun {
    /** The kind of the run, and of the task. */
    public static final String KIND = "pretrain";
    /** The task's output with the learning curve. */
    public static final String CURVE = "learning_curve.jsonl";

    private final ObjectNode recipe;
    private final Map<String, String> more;

    /** @param recipe as the request has it */
    public TrainingTracking(StudyTracking study, ObjectNode recipe) {
        this(study, recipe, Map.of());
    }

    /** @param more params beside those of the recipe */
    public TrainingTracking(StudyTracking study, ObjectNode recipe, Map<String, String> more) {
        super(study);
        this.recipe = recipe;
        this.more = Map.copyOf(more);
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        String name = recipe.path("name").asText();
        Map<String, String> params = new TreeMap<>(more);
        flatten("", recipe, params);
        return open(study().run(study().key(name, KIND), KIND + " " + name, params, Map.of(Tags.KIND, KIND)));
    }

    private static void flatten(String at, JsonNode node, Map<String, String> params) {
        node.properties().forEach(field -> {
            String name = at + field.getKey();
            if (field.getValue().isObject()) flatten(name + ".", field.getValue(), params);
            else
                params.put(
                        name, field.getValue().isTextual() ? field.getValue().asText() : Json.write(field.getValue()));
        });
    }

    @Override
    public void measured(int step, Map<String, Double> values, Map<String, Double> clocked) {
        run().ifPresent(run -> {
            run.metrics(values.entrySet().stream()
                    .map(value -> new MetricPoint(value.getKey(), value.getValue(), step))
                    .toList());
            Map<String, String> tags = new HashMap<>();
            clocked.forEach((name, value) -> tags.put(name, String.format(Locale.ROOT, "%.3g", value)));
            if (!tags.isEmpty()) run.tags(tags);
        });
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        Path curve = context.output(result, CURVE);
        List<MetricPoint> points = new ArrayList<>();
        for (String line : Files.readAllLines(curve)) {
            JsonNode point = Json.mapper().readTree(line);
            values(point)
                    .forEach((name, value) -> points.add(
                            new MetricPoint(name, value, point.path("step").asInt())));
        }
        if (result.outputs().containsKey(MomentumTracking.MEASURED)) {
            points.addAll(measured(context.output(result, MomentumTracking.MEASURED)));
        }
        run().ifPresent(run -> {
            run.metrics(points);
            if (result.status() == Result.Status.DIVERGED) run.tags(Map.of("diverged", result.message()));
            run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
            run.file(CURVE, curve);
            run.end(RunStatus.FINISHED);
        });
        return result;
    }

    /** What was measured of the model, by context length and by shot count. */
    private static List<MetricPoint> measured(Path file) throws IOException {
        JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
        List<MetricPoint> points = new ArrayList<>();
        for (String name : List.of(MomentumTracking.PERPLEXITY, MomentumTracking.ACCURACY)) {
            json.path(name)
                    .properties()
                    .forEach(at ->
                            points.add(new MetricPoint(name, at.getValue().asDouble(), Long.parseLong(at.getKey()))));
        }
        return points;
    }

    /** The metrics of one line of the learning curve. */
    public static Map<String, Double> values(JsonNode point) {
        Map<String, Double> values = new TreeMap<>();
        point.properties().forEach(field -> {
            boolean place = field.getKey().equals("step") || field.getKey().equals("n");
            if (field.getValue().isNumber() && !place)
                values.put(field.getKey(), field.getValue().asDouble());
        });
        point.path("accuracy")
                .properties()
                .forEach(condition -> condition
                        .getValue()
                        .properties()
                        .forEach(shots -> values.put(
                                condition.getKey() + "/accuracy." + shots.getKey() + "_shots",
                                shots.getValue().asDouble())));
        return values;
    }
}
