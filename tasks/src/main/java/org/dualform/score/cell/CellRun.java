package org.dualform.score.cell;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dualform.score.metric.ScoredMethod;
import org.dualform.score.result.CellId;
import org.dualform.score.result.FittedShots;
import org.jspecify.annotations.Nullable;

/**
 * Everything measured in one cell, before scoring.
 *
 * @param cell the cell's name
 * @param id what the cell is
 * @param learningRate of fine-tuning; null when there was none
 * @param recordPosition token at which is recorded
 * @param shots requested counts, ascending, each with what of it fits
 * @param facts of the prompts rather than of a method, by requested count and metric name ({@code labels.changed})
 * @param asked the methods that were asked for; zero-shot is never among them, since it always belongs
 * @param runs what the methods gave, zero-shot under count 0; without those that were not asked for or whose task failed
 * @param similarities from records; null where nothing was recorded
 */
public record CellRun(
        String cell,
        CellId id,
        @Nullable Double learningRate,
        String recordPosition,
        List<FittedShots> shots,
        Map<Integer, Map<String, Double>> facts,
        Set<ScoredMethod> asked,
        Map<ScoredMethod, MethodRun> runs,
        @Nullable RecordedSimilarities similarities) {
    public CellRun {
        shots = List.copyOf(shots);
        asked = Set.copyOf(asked);
        runs = Map.copyOf(runs);
    }

    /** What {@code method} gave; null if nothing. */
    @Nullable MethodRun run(ScoredMethod method) {
        return runs.get(method);
    }
}
