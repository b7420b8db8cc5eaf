package org.dualform.task.cell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.finetune.train.Training;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.Metric;
import org.dualform.spec.Method;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.parameters.InferParameters;
import org.dualform.task.parameters.ParameterReader;
import org.dualform.task.run.Models;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.CurveTracking;
import org.jspecify.annotations.Nullable;

/** Evaluates a cell's queries: after the demonstrations ({@code icl}), or by the fine-tuned model ({@code ft}). */
public final class InferKind implements TaskKind<InferParameters> {
    @Override
    public String name() {
        return "infer";
    }

    @Override
    public int algorithmVersion() {
        return 5;
    }

    @Override
    public Class<InferParameters> parameters() {
        return InferParameters.class;
    }

    /** The curve of fine-tuning starts with zero-shot, which in-context inference has measured. */
    @Override
    public Set<String> trackingInputs() {
        return Set.of(CurveTracking.ICL);
    }

    @Override
    public Optional<String> skip(InferParameters parameters) {
        Method method = parameters.method();
        return parameters.methods().contains(method)
                ? Optional.empty()
                : Optional.of("Method " + method.id() + " was not asked for.");
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new CurveTracking(
                study,
                parameters,
                ParameterReader.read(InferParameters.class, parameters).method(),
                false);
    }

    @Override
    public TaskOutcome run(TaskContext context, InferParameters parameters) throws IOException {
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        try (Models.Lease lease = context.models().open(parameters.use(), context.hashes())) {
            Evaluation evaluation = new Evaluation(
                    lease.model(),
                    prompts,
                    parameters.chunkRows(),
                    recording(context, parameters, prompts),
                    context.progress());
            PredictionsFile predictions = switch (parameters.method()) {
                case ICL -> new IclEvaluation(evaluation).run();
                case FT -> ft(context, parameters, evaluation).run();
            };
            predictions.write(context.folder().resolve("predictions.jsonl"));
            Map<String, String> outputs = new TreeMap<>(Map.of(PredictionsFile.OUTPUT, "predictions.jsonl"));
            boolean recorded =
                    evaluation.recording() != null && predictions.shots().containsKey(RecordOptions.shots(prompts));
            if (recorded) outputs.put(RecordOptions.OUTPUT, RecordOptions.FILE);
            TaskOutcome outcome = TaskOutcome.done(outputs);
            // The accuracies here are those of uncalibrated predictions. The arm that calibrates reads the same file,
            // and calibrates when it is scored.
            for (Map.Entry<Integer, Metric> accuracy :
                    predictions.answers().accuracies().entrySet())
                outcome = outcome.withMetric(
                        "accuracy." + accuracy.getKey(), accuracy.getValue().value());
            return predictions.header().diverged().isEmpty() ? outcome : outcome.with(Result.Status.DIVERGED);
        }
    }

    private static FtEvaluation ft(TaskContext context, InferParameters parameters, Evaluation evaluation)
            throws IOException {
        Training training = Json.mapper().readValue(Files.readAllBytes(context.input("training")), Training.class);
        boolean zeroShot = !parameters.methods().contains(Method.ICL);
        return new FtEvaluation(evaluation, context.input("update"), training, zeroShot);
    }

    /** The recording; null if nothing is recorded. */
    private static Evaluation.@Nullable Recording recording(
            TaskContext context, InferParameters parameters, PromptSet prompts) throws IOException {
        if (!parameters.record() || RecordOptions.shots(prompts) == 0) return null;
        return new Evaluation.Recording(
                RecordOptions.of(parameters),
                RecordOptions.about(
                        parameters.use(), parameters.recordPosition(), parameters.recordQueries(), context, prompts),
                context.folder().resolve(RecordOptions.FILE));
    }
}
