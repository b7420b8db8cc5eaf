package org.dualform.task.parameters;

/**
 * What {@code prompt} is told.
 *
 * @param seed draw of demonstrations
 * @param order rearrangement of the drawn demonstrations; 0 leaves them as they are
 */
public record PromptParameters(Source model, PromptInputs inputs, int seed, int order) {}
