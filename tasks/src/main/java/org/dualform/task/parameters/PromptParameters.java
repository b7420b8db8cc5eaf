package org.dualform.task.parameters;

/**
 * The parameters of {@code prompt}.
 *
 * @param seed the draw of demonstrations
 * @param order the rearrangement of the drawn demonstrations; 0 leaves them as they are
 */
public record PromptParameters(Source model, PromptInputs inputs, int seed, int order) {}
