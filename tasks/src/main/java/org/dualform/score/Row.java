package org.dualform.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One cell at one requested shot count: a row of {@code results.json}.
 *
 * @param trueShots demonstrations that fit; null when the cell never got so far
 * @param contextTokens tokens of the context at {@code trueShots}
 * @param learningRate of fine-tuning; null when there was none
 * @param reason what is missing or diverged
 * @param metrics by name, in reporting order
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Row(
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
        Map<String, Metric> metrics) {}
