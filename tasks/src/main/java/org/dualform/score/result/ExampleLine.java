package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation row at one shot count, all methods side by side: a line of {@code examples.jsonl}. Predictions are label
 * indices ({@link ExampleOutcome#UNDEFINED} where scores were not finite); a method that gave nothing is absent.
 *
 * @param tokenOverlap share of the likeliest next tokens behind the demonstrations that the tuned model has too
 * @param similarities where recorded: by metric, the mean over layers; without those undefined in this row
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExampleLine(
        String cell,
        int shots,
        String row,
        int gold,
        @Nullable Integer zsl,
        @Nullable Integer icl,
        @Nullable Integer ft,
        @Nullable List<Double> zslDistribution,
        @Nullable List<Double> iclDistribution,
        @Nullable List<Double> ftDistribution,
        @Nullable Double tokenOverlap,
        @Nullable Map<String, Double> similarities) {

    /** Where neither next tokens nor records were kept. */
    public ExampleLine(
            String cell,
            int shots,
            String row,
            int gold,
            @Nullable Integer zsl,
            @Nullable Integer icl,
            @Nullable Integer ft,
            @Nullable List<Double> zslDistribution,
            @Nullable List<Double> iclDistribution,
            @Nullable List<Double> ftDistribution) {
        this(cell, shots, row, gold, zsl, icl, ft, zslDistribution, iclDistribution, ftDistribution, null, null);
    }

    public double similarity(String metric) {
        return similarities == null ? Double.NaN : similarities.getOrDefault(metric, Double.NaN);
    }

    /** Index of the label that {@code method} predicted; null if it gave nothing. */
    public @Nullable Integer predicted(ScoredMethod method) {
        return switch (method) {
            case ZSL -> zsl;
            case ICL -> icl;
            case FT -> ft;
        };
    }

    /** Whether {@code method} gave the right answer; no answer is a wrong one. */
    public boolean isCorrect(ScoredMethod method) {
        Integer predicted = predicted(method);
        return predicted != null && predicted == gold;
    }

    public boolean zslCorrect() {
        return isCorrect(ScoredMethod.ZSL);
    }

    public boolean iclCorrect() {
        return isCorrect(ScoredMethod.ICL);
    }

    public boolean ftCorrect() {
        return isCorrect(ScoredMethod.FT);
    }
}
