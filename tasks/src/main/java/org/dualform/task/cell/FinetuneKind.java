package org.dualform.task.cell;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.dualform.base.Counted;
import org.dualform.contract.Json;
import org.dualform.contract.Result;
import org.dualform.contract.UserException;
import org.dualform.finetune.FineTuning;
import org.dualform.finetune.QueryTrace;
import org.dualform.finetune.file.UpdateFiles;
import org.dualform.finetune.train.Stability;
import org.dualform.finetune.train.Training;
import org.dualform.finetune.train.Tuned;
import org.dualform.model.part.Architecture;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordWriter;
import org.dualform.record.TrainingRecords;
import org.dualform.spec.Method;
import org.dualform.spec.arm.Tuning;
import org.dualform.spec.choice.RecordQueries;
import org.dualform.task.file.SelectionFile;
import org.dualform.task.parameters.FinetuneParameters;
import org.dualform.task.run.Models;
import org.dualform.task.run.StudyTracking;
import org.dualform.task.run.TaskContext;
import org.dualform.task.run.TaskKind;
import org.dualform.task.run.TaskOutcome;
import org.dualform.task.run.TaskTracking;
import org.dualform.task.tracking.CurveTracking;

/** Fine-tunes on a cell's demonstrations, once for all shot counts. A divergence is reported, not thrown. */
public final class FinetuneKind implements TaskKind<FinetuneParameters> {
    /** The metric with the largest growth of rounding errors among the shot counts. */
    public static final String GROWTH = "rounding_growth";

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public int algorithmVersion() {
        return 7;
    }

    @Override
    public Class<FinetuneParameters> parameters() {
        return FinetuneParameters.class;
    }

    @Override
    public Optional<String> skip(FinetuneParameters parameters) {
        return parameters.methods().contains(Method.FT)
                ? Optional.empty()
                : Optional.of("Method " + Method.FT.id() + " was not asked for.");
    }

    @Override
    public TaskTracking tracking(StudyTracking study, ObjectNode parameters) {
        return new CurveTracking(study, parameters, Method.FT, true);
    }

    @Override
    public TaskOutcome run(TaskContext context, FinetuneParameters parameters) throws IOException {
        PromptSet prompts = PromptSet.fromJson(Files.readAllBytes(context.input("prompts")));
        double rate = learningRate(context.input(SelectionFile.OUTPUT));
        List<Integer> counts =
                prompts.distinctTrueShots().stream().filter(k -> k > 0).toList();
        try (Models.Lease lease = context.models().open(parameters.use(), context.hashes());
                NDManager owner = lease.model().manager().newSubManager()) {
            Tuning tuning = parameters.tuning();
            FineTuning tuner = new FineTuning(lease.model().decoder(), tuning, parameters.passes(), prompts);
            context.info(
                    tuning.patches()
                            ? "Writing the demonstrations into weights (" + tuning.text() + "): "
                                    + Counted.of(tuner.steps(counts), "context") + " to read."
                            : "Fine-tuning (" + tuning.text() + "): " + Counted.of(tuner.steps(counts), "step")
                                    + " at learning rate " + rate + ".");
            // A patch trains on nothing, so there are no queries of training to record.
            boolean record = parameters.record() && !tuning.patches() && RecordOptions.shots(prompts) > 0;
            Tuned tuned = record
                    ? recorded(
                            context,
                            parameters,
                            prompts,
                            lease.model().decoder().architecture(),
                            trace -> tuner.train(owner, counts, rate, trace, context.progress()))
                    : tuner.train(owner, counts, rate, context.progress());
            UpdateFiles.write(context.folder().resolve("update.safetensors"), tuned.update());
            Map<Integer, Stability> stability = tuner.stability(
                    owner,
                    tuned.update(),
                    counts,
                    rate,
                    (what, done, of) -> context.progress().at("looking whether the rate is stable", done, of));
            return outcome(tuned.training().with(stability), context.folder(), record);
        }
    }

    /** Trains, and records the query vectors of the demonstrations. */
    private static Tuned recorded(
            TaskContext context,
            FinetuneParameters parameters,
            PromptSet prompts,
            Architecture architecture,
            Function<QueryTrace, Tuned> training)
            throws IOException {
        TrainingRecords records = RecordOptions.training(prompts, architecture);
        RecordQueries queries = parameters.recordQueries();
        RecordAbout about =
                RecordOptions.about(parameters.use(), parameters.recordPosition(), queries, context, prompts);
        Path file = context.folder().resolve(RecordOptions.FILE);
        try (RecordWriter writer = RecordOptions.begin(file, about, records)) {
            return training.apply(new QueryTrace(writer, records, architecture, queries == RecordQueries.ROTATED));
        }
    }

    private static TaskOutcome outcome(Training training, Path folder, boolean recorded) throws IOException {
        Files.writeString(
                folder.resolve("training.json"),
                Json.pretty(Json.mapper().valueToTree(training)),
                StandardCharsets.UTF_8);
        List<String> diverged = new ArrayList<>();
        training.shots().forEach((shots, course) -> {
            if (course.divergedAt() != null)
                diverged.add("with " + Counted.of(shots, "shot") + " at step " + course.divergedAt());
        });
        Map<String, String> outputs =
                new TreeMap<>(Map.of("update", "update.safetensors", "training", "training.json"));
        if (recorded) outputs.put(RecordOptions.OUTPUT, RecordOptions.FILE);
        TaskOutcome outcome = TaskOutcome.done(outputs)
                .withMetric("learning_rate", training.learningRate())
                .withMetric("train_seconds", training.seconds());
        OptionalDouble growth = training.shots().values().stream()
                .map(Training.Course::stability)
                .filter(Objects::nonNull)
                .mapToDouble(Stability::growth)
                .max();
        if (growth.isPresent()) outcome = outcome.withMetric(GROWTH, growth.getAsDouble());
        List<String> unstable = unstable(training);
        if (!unstable.isEmpty()) outcome = outcome.withMetric(CurveTracking.UNSTABLE, (double) unstable.size());
        if (diverged.isEmpty()) return unstable.isEmpty() ? outcome : outcome.with(warning(training, unstable));
        return outcome.with(Result.Status.DIVERGED)
                .with("Fine-tuning at learning rate " + training.learningRate() + " diverged "
                        + String.join(", ", diverged)
                        + ". A smaller rate may not diverge; learning_rate auto looks for one."
                        + (unstable.isEmpty() ? "" : " " + warning(training, unstable)));
    }

    /** The shot counts at which the result is noise, in words. */
    private static List<String> unstable(Training training) {
        List<String> unstable = new ArrayList<>();
        training.shots().forEach((shots, course) -> {
            if (course.stability() != null && course.stability().unstable())
                unstable.add("with " + Counted.of(shots, "shot") + " "
                        + Math.round(course.stability().growth()) + "-fold");
        });
        return unstable;
    }

    private static String warning(Training training, List<String> unstable) {
        return "Fine-tuning at learning rate " + training.learningRate() + " is unstable: rounding errors grew "
                + String.join(", ", unstable)
                + ". What it answers there is noise. A smaller rate may be stable; learning_rate auto looks for one.";
    }

    private static double learningRate(Path selection) throws IOException {
        return SelectionFile.read(selection)
                .learningRate()
                .orElseThrow(() -> UserException.data("The selection " + selection + " has no learning rate."));
    }
}
