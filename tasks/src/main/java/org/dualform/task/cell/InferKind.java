package org.dualform.task.cell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.finetune.train.Training;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.score.metric.Metric;
import org.dualform.spec.Method;
import org.dualform.task.file.Parameters;
import org.dualform.task.file.PredictionsFile;
import org.dualform.task.run.Models;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.CurveTracking;

/** Evaluates a cell's queries: behind the demonstrations ({@code icl}), or by the fine-tuned model ({@code ft}). */
public final class InferKind implements TaskKind {

    @Override
    public String name() {
        return "infer";
    }

    @Override
    public int algorithmVersion() {
        return 4;
    }

    @Override
    public Set<String> parameters() {
        return Parameters.names(
                RecordOptions.PARAMETERS,
                Parameters.MODEL,
                Parameters.MODEL_VARIANT,
                Parameters.METHODS,
                Parameters.METHOD,
                Parameters.THREADS,
                Parameters.DEVICE,
                Parameters.CHUNK_ROWS,
                Parameters.DTYPE);
    }

    @Override
    public Optional<String> skip(ObjectNode parameters) {
        Parameters typed = new Parameters(parameters);
        Method method = method(typed);
        return typed.asks(method) ? Optional.empty() : Optional.of("Method " + method.id() + " was not asked for.");
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new CurveTracking(study, parameters, method(new Parameters(parameters)), false);
    }

    @Override
    public TaskOutcome run(TaskContext context) throws IOException {
        Parameters parameters = new Parameters(context.parameters());
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        try (Models.Lease lease = context.models().open(parameters, context.hashes())) {
            boolean record = RecordOptions.on(parameters, prompts);
            PredictionsFile predictions = method(parameters) == Method.ICL
                    ? icl(context, parameters, lease.model(), prompts, record)
                    : ft(context, parameters, lease.model(), prompts, record);
            predictions.write(context.folder().resolve("predictions.jsonl"));
            Map<String, String> outputs = new TreeMap<>(Map.of(PredictionsFile.OUTPUT, "predictions.jsonl"));
            boolean recorded = record && predictions.shots().containsKey(RecordOptions.shots(prompts));
            if (recorded) outputs.put(RecordOptions.OUTPUT, RecordOptions.FILE);
            TaskOutcome outcome = TaskOutcome.done(outputs);
            // Of the predictions as they are. One file serves the arm that calibrates too; that is done when it is
            // scored.
            for (Map.Entry<Integer, Metric> accuracy :
                    predictions.answers().accuracies().entrySet())
                outcome = outcome.withMetric(
                        "accuracy." + accuracy.getKey(), accuracy.getValue().value());
            return predictions.header().diverged().isEmpty() ? outcome : outcome.with(Result.Status.DIVERGED);
        }
    }

    private static PredictionsFile icl(
            TaskContext context, Parameters parameters, LanguageModel model, PromptSet prompts, boolean record)
            throws IOException {
        int rows = parameters.integer(Parameters.CHUNK_ROWS);
        if (!record) return IclEvaluation.run(model, prompts, rows, context.progress());
        return IclEvaluation.recorded(
                model,
                prompts,
                rows,
                RecordOptions.of(parameters),
                RecordOptions.about(parameters, context, prompts),
                context.folder().resolve(RecordOptions.FILE),
                context.progress());
    }

    private static PredictionsFile ft(
            TaskContext context, Parameters parameters, LanguageModel model, PromptSet prompts, boolean record)
            throws IOException {
        Path update = context.input("update");
        Training training = Json.mapper().readValue(Files.readAllBytes(context.input("training")), Training.class);
        boolean zeroShot = !parameters.asks(Method.ICL);
        int rows = parameters.integer(Parameters.CHUNK_ROWS);
        if (!record) return FtEvaluation.run(model, prompts, rows, update, training, zeroShot, context.progress());
        return FtEvaluation.recorded(
                model,
                prompts,
                rows,
                update,
                training,
                zeroShot,
                RecordOptions.of(parameters),
                RecordOptions.about(parameters, context, prompts),
                context.folder().resolve(RecordOptions.FILE),
                context.progress());
    }

    private static Method method(Parameters parameters) {
        String name = parameters.text(Parameters.METHOD);
        for (Method method : Method.values()) if (method.id().equals(name)) return method;
        throw UserException.usage("parameters: method must be icl or ft (value: " + name + ").");
    }
}
