package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dualform.contract.Reference;
import org.dualform.contract.Result;
import org.dualform.infer.Prediction;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Tags;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.Interval;
import org.dualform.score.statistics.Wilson;
import org.dualform.spec.Method;
import org.dualform.task.file.Parameters;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;

/**
 * The curve of one method in one cell: accuracy over shots. In-context learning's is made and ended by its inference;
 * fine-tuning's is made by the training and ended by its inference.
 */
public final class CurveTracking extends OwnedRun {
    private final JsonNode parameters;
    private final Method method;
    private final boolean training;

    /** @param training whether the task trains, rather than infers */
    public CurveTracking(StudyTracking study, JsonNode parameters, Method method, boolean training) {
        super(study);
        this.parameters = parameters;
        this.method = method;
        this.training = training;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        Map<String, String> params = RunText.cellParams(parameters);
        params.put("method", method.id());
        params.put("curve", parameters.path(Parameters.DATASET).path("name").asText() + " " + method.id());
        return open(study().run(
                        study().key(parameters.path(Parameters.CELL).asText(), method.id()),
                        RunText.name(parameters, method.id()),
                        params,
                        Map.of(Tags.KIND, "curve")));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        if (run().isEmpty()) return result;
        if (training) trained(context, result);
        else inferred(context, result);
        return result;
    }

    private void trained(TaskContext context, Result result) {
        run().ifPresent(run -> {
            Double rate = result.metrics().get("learning_rate");
            if (rate != null) run.params(Map.of("learning_rate", rate.toString()));
            if (result.status() == Result.Status.DIVERGED) run.tags(Map.of("diverged", result.message()));
            run.file("training.json", context.output(result, "training"));
        });
    }

    private void inferred(TaskContext context, Result result) throws IOException {
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        Path file = context.output(result, PredictionsFile.OUTPUT);
        PredictionsFile predictions = PredictionsFile.read(file);
        Reference reference = result.outputs().get(PredictionsFile.OUTPUT);
        run().ifPresent(run -> {
            say(run, points(prompts, predictions));
            run.datasets(RunText.datasets(
                    parameters,
                    prompts.demonstrations().size(),
                    prompts.queries().size()));
            run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
            if (reference != null) run.file("predictions.jsonl", file);
            run.table("prompts.json", PromptTable.of(prompts));
            run.end(RunStatus.FINISHED);
        });
    }

    /** Accuracy with its interval at every requested shot count that has predictions, and what it cost. */
    private List<MetricPoint> points(PromptSet prompts, PredictionsFile file) {
        Map<Integer, Integer> counts = new TreeMap<>(Map.of(0, 0));
        for (PromptSet.ShotCount count : prompts.shots()) counts.put(count.requested(), count.trueShots());
        List<MetricPoint> points = new ArrayList<>();
        counts.forEach((requested, real) -> {
            List<Prediction> predictions = file.shots().getOrDefault(real, List.of());
            if (!predictions.isEmpty()) accuracy(points, predictions, requested);
            file.header()
                    .costs()
                    .getOrDefault(real, Map.of())
                    .forEach((name, value) ->
                            points.add(new MetricPoint(name.substring(name.indexOf('.') + 1), value, requested)));
        });
        return points;
    }

    private static void accuracy(List<MetricPoint> points, List<Prediction> predictions, int shots) {
        int n = predictions.size();
        long right = predictions.stream().filter(p -> p.predicted() == p.gold()).count();
        Interval interval = Wilson.interval(right, n);
        points.add(new MetricPoint("accuracy", right / (double) n, shots));
        points.add(new MetricPoint("accuracy.low", interval.low(), shots));
        points.add(new MetricPoint("accuracy.high", interval.high(), shots));
        points.add(new MetricPoint("accuracy.n", n, shots));
    }
}
