package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.dualform.score.metric.ScoredMethod;
import org.jspecify.annotations.Nullable;

/**
 * One evaluated row at one shot count, with all methods side by side: a line of {@code examples.jsonl}. Predictions are
 * label indices, or {@link ExampleOutcome#UNDEFINED} where scores were not finite. A method that gave nothing is absent.
 *
 * @param tokenOverlap of the likeliest next tokens behind the demonstrations, the share that the tuned model has too
 * @param similarities by metric, the mean over layers; without those that are undefined in this row; null where nothing
 *     was recorded
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

    /** A line without next tokens and without records. */
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

    /** The similarity of that name; NaN where it is undefined or was not recorded. */
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
