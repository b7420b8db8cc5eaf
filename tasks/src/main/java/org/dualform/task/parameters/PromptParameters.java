package org.dualform.task.parameters;

/**
 * The parameters of {@code prompt}.
 *
 * @param seed the draw of demonstrations
 * @param order the rearrangement of the drawn demonstrations; 0 leaves them as they are
 */
public record PromptParameters(
        Source model,
        PromptInputs inputs,
        @Between(least = 0, most = Integer.MAX_VALUE) int seed,
        @Between(least = 0, most = Integer.MAX_VALUE) int order) {}
