package org.dualform.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.finetune.Training;
import org.dualform.infer.Prediction;
import org.dualform.prompt.PromptSet;
import org.dualform.spec.Method;

/** Evaluates a cell's queries: behind the demonstrations ({@code icl}), or by the fine-tuned model ({@code ft}). */
final class InferKind implements TaskKind {
    static final String PREDICTIONS = "predictions";

    @Override
    public String name() {
        return "infer";
    }

    @Override
    public int algorithmVersion() {
        return 2;
    }

    @Override
    public Set<String> parameters() {
        return Set.of(
                Parameters.MODEL,
                Parameters.MODEL_VARIANT,
                Parameters.METHODS,
                Parameters.METHOD,
                Parameters.THREADS,
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
    public Outcome run(TaskContext context) throws IOException {
        Parameters parameters = new Parameters(context.parameters());
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        try (Models.Lease lease = context.models().open(parameters, context.hashes())) {
            PredictionsFile predictions = method(parameters) == Method.ICL
                    ? IclEvaluation.run(lease.model(), prompts, context.progress())
                    : FtEvaluation.run(
                            lease.model(),
                            prompts,
                            context.input("update"),
                            Json.mapper().readValue(Files.readAllBytes(context.input("training")), Training.class),
                            !parameters.asks(Method.ICL),
                            context.progress());
            predictions.write(context.folder().resolve("predictions.jsonl"));
            Outcome outcome = Outcome.done(Map.of(PREDICTIONS, "predictions.jsonl"));
            for (Map.Entry<Integer, List<Prediction>> entry :
                    predictions.shots().entrySet()) {
                outcome = outcome.withMetric("accuracy." + entry.getKey(), accuracy(entry.getValue()));
            }
            return predictions.header().diverged().isEmpty() ? outcome : outcome.with(Result.Status.DIVERGED);
        }
    }

    private static double accuracy(List<Prediction> predictions) {
        return predictions.stream().filter(p -> p.predicted() == p.gold()).count() / (double) predictions.size();
    }

    private static Method method(Parameters parameters) {
        String name = parameters.text(Parameters.METHOD);
        for (Method method : Method.values()) if (method.id().equals(name)) return method;
        throw UserException.usage("parameters: method must be icl or ft (value: " + name + ").");
    }
}
