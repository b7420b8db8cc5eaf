package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One similarity of one cell by layer: an entry of {@code layers.json}.
 *
 * @param cell the cell's name
 * @param id what the cell is
 * @param shots as requested
 * @param metric as in {@code results.json}
 * @param mean by layer, the lowest first; null where undefined
 * @param n by layer: examples in which it is defined
 * @param sample ids of the rows in {@code values}
 * @param values by layer, then by row of the sample; empty for baselines
 */
@JsonNaming(SnakeCaseStrategy.class)
public record LayerSimilarity(
        String cell,
        @JsonUnwrapped CellId id,
        int shots,
        String metric,
        List<@Nullable Double> mean,
        List<Integer> n,
        List<String> sample,
        List<List<@Nullable Double>> values) {}
