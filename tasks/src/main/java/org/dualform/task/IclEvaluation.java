package org.dualform.task;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dualform.contract.Progress;
import org.dualform.infer.Prediction;
import org.dualform.infer.ShotSweep;
import org.dualform.model.LanguageModel;
import org.dualform.prompt.PromptSet;

/** In-context learning at every shot count, and zero-shot, which is the same without demonstrations. */
final class IclEvaluation {
    private IclEvaluation() {}

    static PredictionsFile run(LanguageModel model, PromptSet prompts, Progress progress) {
        TreeSet<Integer> counts = new TreeSet<>(prompts.distinctTrueShots());
        counts.add(0);
        ShotSweep.Result result = new ShotSweep(prompts).run(model.manager(), model.decoder(), counts, "icl", progress);
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
        Map<String, Double> costs = queryCosts(shots == 0 ? "zsl" : "icl", shot);
        if (shots > 0) costs.put("icl.prefill_seconds", prefillSeconds);
        return costs;
    }

    static Map<String, Double> queryCosts(String method, ShotSweep.Shot shot) {
        Map<String, Double> costs = new TreeMap<>();
        costs.put(method + ".ms_per_query", shot.millisecondsPerQuery());
        costs.put(method + ".tokens_per_query", shot.tokensPerQuery());
        return costs;
    }
}
