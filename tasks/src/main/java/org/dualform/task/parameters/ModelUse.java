package org.dualform.task.parameters;

import org.dualform.spec.arm.ModelVariant;
import org.dualform.spec.choice.Dtype;

/**
 * A model and how a task computes with it. All of these affect the last bits of the numbers.
 *
 * @param modelVariant the weights that it has
 * @param threads the number of threads of the computation
 * @param device {@code cpu} or {@code cuda:i}
 * @param dtype the data type of the computation
 */
public record ModelUse(
        Source model,
        ModelVariant modelVariant,
        @Between(least = 1, most = 1024) int threads,
        String device,
        Dtype dtype)
        implements ParameterGroup {}
