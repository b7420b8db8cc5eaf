package org.dualform.task.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dualform.contract.Result;
import org.dualform.mlflow.value.MetricPoint;
import org.dualform.mlflow.value.RunStatus;
import org.dualform.mlflow.value.Tags;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.Method;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;

/**
 * Tracks the run with the curve of one method in one cell: accuracy over shots. Inference makes and ends the run of
 * in-context learning. Training makes the run of fine-tuning, and inference ends it.
 */
public final class CurveTracking extends OwnedRun {
    /** The input with in-context learning's predictions, from which the curve of fine-tuning takes zero-shot. */
    public static final String ICL = "icl";

    /** The metric of training with the number of shot counts at which it was unstable. */
    public static final String UNSTABLE = "unstable_shot_counts";

    private static final String KIND = "curve";

    private final ObjectNode parameters;
    private final Method method;
    private final boolean training;

    /** @param training whether the task trains; otherwise it infers */
    public CurveTracking(StudyTracking study, ObjectNode parameters, Method method, boolean training) {
        super(study);
        this.parameters = parameters;
        this.method = method;
        this.training = training;
    }

    @Override
    public Optional<Result.Run> begin(TaskContext context) {
        TrackedCell cell = TrackedCell.of(parameters);
        Map<String, String> params = RunParams.cellParams(parameters, cell);
        params.put("method", method.id());
        params.put("curve", cell.curve().name(method));
        return open(study().run(
                        study().key(cell.cell(), method.id()),
                        cell.runName(method.id()),
                        params,
                        Map.of(Tags.KIND, KIND, Tags.CURVE, cell.role().tag())));
    }

    @Override
    public Result done(TaskContext context, Result result) throws IOException {
        if (run().isEmpty()) return result;
        if (training) trained(context, result);
        else inferred(context, result);
        return result;
    }

    private void trained(TaskContext context, Result result) throws IOException {
        Path training = context.output(result, "training");
        run().ifPresent(run -> run.together(() -> {
            Double rate = result.metrics().get("learning_rate");
            if (rate != null) run.params(Map.of("learning_rate", rate.toString()));
            if (result.status() == Result.Status.DIVERGED) run.tags(Map.of("diverged", result.message()));
            if (result.metrics().getOrDefault(UNSTABLE, 0.0) > 0) run.tags(Map.of("unstable", result.message()));
            run.file("training.json", training);
        }));
    }

    private void inferred(TaskContext context, Result result) throws IOException {
        TrackedCell cell = TrackedCell.of(parameters);
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        Path file = context.output(result, PredictionsFile.OUTPUT);
        List<MetricPoint> points = new CurvePoints(cell.role(), cell.calibrated())
                .of(prompts, PredictionsFile.read(file), zeroShot(context));
        run().ifPresent(run -> run.together(() -> {
            say(run, points);
            run.datasets(RunParams.datasets(cell, prompts));
            run.tags(Map.of(Tags.CONTENT_KEY, result.provenance().path("key").asText()));
            run.file("predictions.jsonl", file);
            run.table("prompts.json", PromptTable.of(prompts));
            run.end(RunStatus.FINISHED);
        }));
    }

    private static Optional<PredictionsFile> zeroShot(TaskContext context) throws IOException {
        Optional<Path> icl = context.optionalInput(ICL);
        return icl.isEmpty() ? Optional.empty() : Optional.of(PredictionsFile.read(icl.get()));
    }
}
