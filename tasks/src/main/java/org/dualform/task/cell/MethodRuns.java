package org.dualform.task.cell;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dualform.base.Counted;
import org.dualform.contract.UserException;
import org.dualform.score.cell.MethodRun;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.ExampleOutcome;
import org.dualform.task.file.PredictionsFile;

/**
 * Converts predictions by true shot count, as tasks write them, to the runs that are scored, by requested shot count.
 */
final class MethodRuns {
    private MethodRuns() {}

    /**
     * The runs of those methods that have predictions, zero-shot among them.
     *
     * @param trueShots the number of demonstrations that fit, by requested shot count
     * @param calibrated whether scores are calibrated on content-free inputs
     */
    static Map<ScoredMethod, MethodRun> of(
            Optional<PredictionsFile> icl,
            Optional<PredictionsFile> ft,
            Map<Integer, Integer> trueShots,
            boolean calibrated) {
        Map<ScoredMethod, MethodRun> runs = new EnumMap<>(ScoredMethod.class);
        zeroShot(icl, ft, calibrated).ifPresent(run -> runs.put(ScoredMethod.ZSL, run));
        icl.ifPresent(file -> runs.put(ScoredMethod.ICL, methodRun(file, trueShots, calibrated)));
        ft.ifPresent(file -> runs.put(ScoredMethod.FT, methodRun(file, trueShots, calibrated)));
        return runs;
    }

    /** The zero-shot run. In-context learning supplies it; in a study of fine-tuning alone, fine-tuning does. */
    private static Optional<MethodRun> zeroShot(
            Optional<PredictionsFile> icl, Optional<PredictionsFile> ft, boolean calibrated) {
        return Stream.of(icl, ft)
                .flatMap(Optional::stream)
                .filter(file -> file.shots().containsKey(0))
                .findFirst()
                .map(file -> methodRun(file, Map.of(0, 0), calibrated));
    }

    private static MethodRun methodRun(PredictionsFile file, Map<Integer, Integer> trueShots, boolean calibrated) {
        Map<Integer, List<ExampleOutcome>> scored =
                file.answers().scored(calibrated).outcomes();
        Map<Integer, List<ExampleOutcome>> outcomes = new HashMap<>();
        Map<Integer, Map<String, Double>> costs = new HashMap<>();
        Integer divergedAt = null;
        for (Map.Entry<Integer, Integer> shots : trueShots.entrySet()) {
            int fit = shots.getValue();
            if (file.shots().containsKey(fit)) {
                if (!scored.containsKey(fit)) throw notCalibrated(fit);
                outcomes.put(shots.getKey(), scored.get(fit));
            }
            costs.put(shots.getKey(), file.header().costs().getOrDefault(fit, Map.of()));
            if (divergedAt == null) divergedAt = file.header().diverged().get(fit);
        }
        return new MethodRun(outcomes, costs, divergedAt);
    }

    private static UserException notCalibrated(int trueShots) {
        return UserException.data(
                "Scores cannot be calibrated at " + Counted.of(trueShots, "demonstration") + ": no content-free"
                        + " input fits the context, or none has finite scores. Leave the arm calibrated off, or ask for"
                        + " fewer shots.");
    }
}
