package org.dualform.task.cell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Progress;
import org.dualform.infer.Prediction;
import org.dualform.infer.QueryOnlooker;
import org.dualform.infer.RowRecorder;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;
import org.dualform.record.RecordAbout;
import org.dualform.record.RecordWriter;
import org.dualform.record.Setting;
import org.dualform.score.metric.MetricName;
import org.dualform.score.metric.Quantity;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.task.file.PredictionsFile;

/** In-context learning at every shot count, and zero-shot, which is the same without demonstrations. */
final class IclEvaluation {
    private IclEvaluation() {}

    /** @param chunkRows queries run at once */
    static PredictionsFile run(LanguageModel model, PromptSet prompts, int chunkRows, Progress progress) {
        return run(model, prompts, new ShotSweep(prompts, chunkRows), QueryOnlooker.OfSweep.NONE, progress);
    }

    /** As above, with the largest shot count and zero-shot recorded into {@code file}. */
    static PredictionsFile recorded(
            LanguageModel model,
            PromptSet prompts,
            int chunkRows,
            RecordOptions options,
            RecordAbout about,
            Path file,
            Progress progress) {
        RowRecorder rows = options.rows(prompts, model.decoder().architecture());
        List<Setting> settings = options.iclSettings(prompts);
        try (RecordWriter writer = options.begin(file, about, prompts, rows.shape(), settings)) {
            QueryOnlooker.OfSweep onlooker = (shots, contextTokens) -> {
                if (shots == 0) return rows.into(writer, Setting.ZSL, contextTokens);
                return shots == about.shots() ? rows.into(writer, Setting.ICL, contextTokens) : QueryOnlooker.NONE;
            };
            PredictionsFile predictions =
                    run(model, prompts, ShotSweep.recording(prompts, rows.token(), chunkRows), onlooker, progress);
            if (settings.contains(Setting.REORDERED)) {
                PromptSet other = prompts.reordered(options.otherOrder(prompts), options.limit());
                ShotSweep.recording(other, rows.token(), chunkRows)
                        .run(
                                model.manager(),
                                model.decoder(),
                                List.of(about.shots()),
                                (shots, contextTokens) -> rows.into(writer, Setting.REORDERED, contextTokens),
                                "icl, other order",
                                progress);
            }
            return predictions;
        }
    }

    private static PredictionsFile run(
            LanguageModel model,
            PromptSet prompts,
            ShotSweep sweep,
            QueryOnlooker.OfSweep onlooker,
            Progress progress) {
        TreeSet<Integer> counts = new TreeSet<>(prompts.distinctTrueShots());
        counts.add(0);
        ShotSweep.Result result = sweep.run(model.manager(), model.decoder(), counts, onlooker, "icl", progress);
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
