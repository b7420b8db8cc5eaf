package org.dualform.score.cell;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything measured in one cell, before scoring.
 *
 * @param shots requested shot counts, ascending
 * @param trueShots what fits, by requested count
 * @param contextTokens tokens of the context, by requested count
 * @param facts of the prompts rather than of a method, by requested count and metric name ({@code labels.changed})
 * @param methods requested methods, of {@code icl} and {@code ft}
 * @param zsl zero-shot outcomes under count 0; null when no method got so far
 * @param icl null when it was not asked for or its task failed
 * @param ft null when it was not asked for or its task failed
 * @param similarities null when nothing was recorded, or not everything that they need
 */
public record CellRun(
        String cell,
        String model,
        String dataset,
        int seed,
        int order,
        String arm,
        String template,
        @Nullable Double learningRate,
        String recordPosition,
        List<Integer> shots,
        Map<Integer, Integer> trueShots,
        Map<Integer, Integer> contextTokens,
        Map<Integer, Map<String, Double>> facts,
        List<String> methods,
        @Nullable MethodRun zsl,
        @Nullable MethodRun icl,
        @Nullable MethodRun ft,
        @Nullable RecordedSimilarities similarities) {}
