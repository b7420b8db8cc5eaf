package org.dualform.score.cell;

import java.util.List;
import java.util.Map;
import org.dualform.score.result.ExampleOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What one method gave in one cell.
 *
 * @param outcomes by requested shot count; a count may be absent, when training diverged before it
 * @param costs by requested shot count, then by metric name ({@code icl.ms_per_query})
 * @param divergedAt the step, counted from 1, at which training diverged; null when it did not
 */
public record MethodRun(
        Map<Integer, List<ExampleOutcome>> outcomes,
        Map<Integer, Map<String, Double>> costs,
        @Nullable Integer divergedAt) {
    public MethodRun {
        outcomes = Map.copyOf(outcomes);
        costs = Map.copyOf(costs);
    }
}
