package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One cell at one requested shot count: a row of {@code results.json}.
 *
 * @param trueShots demonstrations that fit; null when the cell never got so far
 * @param contextTokens tokens of the context at {@code trueShots}
 * @param learningRate of fine-tuning; null when there was none
 * @param reason what is missing or diverged
 * @param chosen methods that chose this cell among the candidates; null where nothing is chosen
 * @param selectedOn on which rows something was chosen that bears on this row; null if nothing was
 * @param metrics by name, in reporting order
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ResultRow(
        String cell,
        String model,
        String dataset,
        int seed,
        int order,
        String arm,
        int shots,
        @Nullable Integer trueShots,
        @Nullable Integer contextTokens,
        String template,
        @Nullable Double learningRate,
        String recordPosition,
        RowStatus status,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> chosen,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String selectedOn,
        Map<String, Metric> metrics) {
    /** Where nothing was chosen. */
    public ResultRow(
            String cell,
            String model,
            String dataset,
            int seed,
            int order,
            String arm,
            int shots,
            @Nullable Integer trueShots,
            @Nullable Integer contextTokens,
            String template,
            @Nullable Double learningRate,
            String recordPosition,
            RowStatus status,
            @Nullable String reason,
            Map<String, Metric> metrics) {
        this(
                cell,
                model,
                dataset,
                seed,
                order,
                arm,
                shots,
                trueShots,
                contextTokens,
                template,
                learningRate,
                recordPosition,
                status,
                reason,
                null,
                null,
                metrics);
    }

    /** The same with other metrics. */
    public ResultRow withMetrics(Map<String, Metric> others) {
        return new ResultRow(
                cell,
                model,
                dataset,
                seed,
                order,
                arm,
                shots,
                trueShots,
                contextTokens,
                template,
                learningRate,
                recordPosition,
                status,
                reason,
                chosen,
                selectedOn,
                others);
    }

    /** The same with what was chosen. */
    public ResultRow withChoice(@Nullable List<String> methods, @Nullable String on) {
        return new ResultRow(
                cell,
                model,
                dataset,
                seed,
                order,
                arm,
                shots,
                trueShots,
                contextTokens,
                template,
                learningRate,
                recordPosition,
                status,
                reason,
                methods,
                on,
                metrics);
    }
}
