package org.dualform.task.cell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.infer.Prediction;
import org.dualform.infer.QueryOnlooker;
import org.dualform.infer.RowRecorder;
import org.dualform.infer.ShotSweep;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.task.file.PredictionsFile;

/** Evaluates in-context learning at every shot count, and zero-shot, which is the same without demonstrations. */
record IclEvaluation(Evaluation evaluation) {
    /** Evaluates. If records are requested, it records the largest shot count and zero-shot. */
    PredictionsFile run() {
        Evaluation.Recording recording = evaluation.recording();
        return recording == null ? run(evaluation.sweep(), QueryOnlooker.OfSweep.NONE) : recorded(recording);
    }

    private PredictionsFile recorded(Evaluation.Recording recording) {
        PromptSet prompts = evaluation.prompts();
        RowRecorder rows = recording.rows(evaluation);
        List<Setting> settings = recording.options().iclSettings(prompts);
        int largest = recording.about().shots();
        try (RecordWriter writer = recording.begin(rows, prompts, settings)) {
            QueryOnlooker.OfSweep onlooker = (shots, contextTokens) -> {
                if (shots == 0) return rows.into(writer, Setting.ZSL, contextTokens);
                return shots == largest ? rows.into(writer, Setting.ICL, contextTokens) : QueryOnlooker.NONE;
            };
            PredictionsFile predictions = run(evaluation.sweep(prompts, rows), onlooker);
            if (settings.contains(Setting.REORDERED)) reordered(recording.options(), largest, rows, writer);
            return predictions;
        }
    }

    /** Records the largest shot count under another order of the demonstrations. */
    private void reordered(RecordOptions options, int shots, RowRecorder rows, RecordWriter writer) {
        PromptSet prompts = evaluation.prompts();
        PromptSet other = prompts.reordered(options.otherOrder(prompts), options.limit());
        evaluation
                .sweep(other, rows)
                .run(
                        evaluation.model().manager(),
                        evaluation.model().decoder(),
                        List.of(shots),
                        (count, contextTokens) -> rows.into(writer, Setting.REORDERED, contextTokens),
                        "icl, other order",
                        evaluation.progress());
    }

    private PredictionsFile run(ShotSweep sweep, QueryOnlooker.OfSweep onlooker) {
        TreeSet<Integer> counts = new TreeSet<>(evaluation.prompts().distinctTrueShots());
        counts.add(0);
        ShotSweep.Result result = sweep.run(
                evaluation.model().manager(),
                evaluation.model().decoder(),
                counts,
                onlooker,
                "icl",
                evaluation.progress());
        Map<Integer, List<Prediction>> shots = new TreeMap<>();
        Map<Integer, Map<String, Double>> costs = new TreeMap<>();
        result.shots().forEach((k, shot) -> {
            shots.put(k, shot.predictions());
            costs.put(k, costs(k, shot, result.prefillSeconds()));
        });
        return new PredictionsFile(
                new PredictionsFile.Header(
                        "icl", null, costs, Map.of(), PredictionsFile.Header.contentFree(result.shots())),
                shots);
    }

    private static Map<String, Double> costs(int shots, ShotSweep.Shot shot, double prefillSeconds) {
        Map<String, Double> costs = queryCosts(shots == 0 ? ScoredMethod.ZSL : ScoredMethod.ICL, shot);
        if (shots > 0)
            costs.put(MetricName.of(ScoredMethod.ICL, Quantity.PREFILL_SECONDS).text(), prefillSeconds);
        return costs;
    }

    static Map<String, Double> queryCosts(ScoredMethod method, ShotSweep.Shot shot) {
        Map<String, Double> costs = new TreeMap<>();
        costs.put(MetricName.of(method, Quantity.MS_PER_QUERY).text(), shot.millisecondsPerQuery());
        costs.put(MetricName.of(method, Quantity.TOKENS_PER_QUERY).text(), shot.tokensPerQuery());
        return costs;
    }
}
