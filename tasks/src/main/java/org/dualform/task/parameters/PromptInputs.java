package org.dualform.task.parameters;

import java.util.List;
import org.dualform.prompt.Template;
import org.dualform.spec.arm.Arm;
import org.jspecify.annotations.Nullable;

/**
 * What prompts are made from, the draw and the order of the demonstrations apart.
 *
 * @param split evaluation split
 * @param rows the file that names rows; null where rows are drawn
 * @param firstRows whether the evaluated rows are the first of the split (a study with seed 0), rather than a fixed draw
 * @param limit at most this many rows are evaluated
 * @param description whether the template's task description opens the context
 * @param labels that the demonstrations show
 * @param shots numbers of demonstrations, ascending
 * @param reserveTokens positions kept free beyond the longest query
 */
public record PromptInputs(
        Source dataset,
        String split,
        @Nullable Source rows,
        boolean firstRows,
        int limit,
        Template template,
        boolean description,
        Arm.Labels labels,
        List<Integer> shots,
        int reserveTokens)
        implements ParameterGroup {

    /** The largest number of demonstrations asked for. */
    public int largest() {
        return shots.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** The same with another template. */
    public PromptInputs with(Template other) {
        return new PromptInputs(
                dataset, split, rows, firstRows, limit, other, description, labels, shots, reserveTokens);
    }
}
