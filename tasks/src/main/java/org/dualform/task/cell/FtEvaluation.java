package org.dualform.task.cell;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.finetune.TunedSweep;
import org.dualform.finetune.file.UpdateFiles;
import org.dualform.finetune.train.Stability;
import org.dualform.finetune.train.Training;
import org.dualform.finetune.update.WeightUpdate;
import org.dualform.infer.Prediction;
import org.dualform.infer.QueryOnlooker;
import org.dualform.infer.RowRecorder;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.task.file.PredictionsFile;

/**
 * Evaluates the fine-tuned model on zero-shot prompts, at every shot count whose training was completed.
 *
 * @param update the file with the change of the weights
 * @param training the outcome of the training
 * @param zeroShot whether the base model is evaluated as well, because no other task does
 */
record FtEvaluation(Evaluation evaluation, Path update, Training training, boolean zeroShot) {
    /** Evaluates. If records are requested, it records the largest shot count unless its training diverged. */
    PredictionsFile run() {
        Evaluation.Recording recording = evaluation.recording();
        return recording == null ? run(evaluation.sweep(), QueryOnlooker.OfSweep.NONE) : recorded(recording);
    }

    private PredictionsFile recorded(Evaluation.Recording recording) {
        PromptSet prompts = evaluation.prompts();
        RowRecorder rows = recording.rows(evaluation);
        int largest = recording.about().shots();
        try (RecordWriter writer = recording.begin(rows, prompts, List.of(Setting.FT))) {
            QueryOnlooker.OfSweep onlooker = (shots, contextTokens) ->
                    shots == largest ? rows.into(writer, Setting.FT, contextTokens) : QueryOnlooker.NONE;
            return run(evaluation.sweep(prompts, rows), onlooker);
        }
    }

    private PredictionsFile run(ShotSweep sweep, QueryOnlooker.OfSweep onlooker) {
        LanguageModel model = evaluation.model();
        try (NDManager owner = model.manager().newSubManager()) {
            WeightUpdate change = UpdateFiles.read(owner, update);
            TreeSet<Integer> counts = new TreeSet<>(change.shots());
            if (zeroShot) counts.add(0);
            ShotSweep.Result result = new TunedSweep(sweep)
                    .run(owner, model.decoder(), change, counts, onlooker, "ft", evaluation.progress());
            return file(training, result);
        }
    }

    private static PredictionsFile file(Training training, ShotSweep.Result result) {
        Map<Integer, Map<String, Double>> costs = new TreeMap<>();
        Map<Integer, Integer> diverged = new TreeMap<>();
        training.shots().forEach((k, course) -> {
            costs.put(k, courseCosts(course));
            if (course.divergedAt() != null) diverged.put(k, course.divergedAt());
        });
        Map<Integer, List<Prediction>> shots = new TreeMap<>();
        result.shots().forEach((k, shot) -> {
            shots.put(k, shot.predictions());
            costs.computeIfAbsent(k, none -> new TreeMap<>())
                    .putAll(IclEvaluation.queryCosts(k == 0 ? ScoredMethod.ZSL : ScoredMethod.FT, shot));
        });
        return new PredictionsFile(
                new PredictionsFile.Header(
                        "ft",
                        training.learningRate(),
                        costs,
                        diverged,
                        PredictionsFile.Header.contentFree(result.shots())),
                shots);
    }

    private static Map<String, Double> courseCosts(Training.Course course) {
        Map<String, Double> costs = new TreeMap<>();
        List<Double> losses = course.losses();
        put(costs, Quantity.TRAIN_SECONDS, course.seconds());
        put(costs, Quantity.STEPS, (double) losses.size());
        if (!losses.isEmpty()) {
            put(costs, Quantity.LOSS_FIRST, losses.get(0));
            put(costs, Quantity.LOSS_LAST, losses.get(losses.size() - 1));
        }
        Stability stability = course.stability();
        if (stability != null) {
            put(costs, Quantity.LOSS_BEFORE, stability.lossBefore());
            put(costs, Quantity.LOSS_AFTER, stability.lossAfter());
            put(costs, Quantity.ROUNDING_GROWTH, stability.growth());
            put(costs, Quantity.UNSTABLE, stability.unstable() ? 1 : 0);
        }
        return costs;
    }

    private static void put(Map<String, Double> costs, Quantity quantity, double value) {
        costs.put(MetricName.of(ScoredMethod.FT, quantity).text(), value);
    }
}
