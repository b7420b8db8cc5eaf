package org.dualform.task.parameters;

import java.util.List;
import org.dualform.prompt.Template;
import org.dualform.spec.arm.Arm;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of prompts, except for the draw and the order of the demonstrations.
 *
 * @param split the evaluation split
 * @param rows the file that names rows; null if rows are drawn
 * @param firstRows whether the evaluated rows are the first of the split (a study with seed 0), rather than a fixed
 *     draw
 * @param limit the largest number of evaluated rows
 * @param description whether the template's task description opens the context
 * @param labels the labels that the demonstrations show
 * @param shots the numbers of demonstrations, ascending
 * @param reserveTokens the number of positions kept free beyond the longest query
 */
public record PromptInputs(
        Source dataset,
        String split,
        @Nullable Source rows,
        boolean firstRows,
        @Between(least = 1, most = 10_000) int limit,
        Template template,
        boolean description,
        Arm.Labels labels,
        @Between(least = 0, most = 100_000) List<Integer> shots,
        @Between(least = 0, most = 1 << 24) int reserveTokens)
        implements ParameterGroup {

    /** The largest requested number of demonstrations. */
    public int largest() {
        return shots.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** The same with another template. */
    public PromptInputs with(Template other) {
        return new PromptInputs(
                dataset, split, rows, firstRows, limit, other, description, labels, shots, reserveTokens);
    }
}
