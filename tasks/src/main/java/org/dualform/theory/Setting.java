package org.dualform.theory;

import org.dualform.prompt.PromptSet;

/**
 * What is measured.
 *
 * @param prompts demonstrations and queries
 * @param shots how many demonstrations, at least one
 * @param learningRate of fine-tuning
 * @param patches whether the context is also written into weights
 * @param allWeights whether the patches are compared with fine-tuning of all weights, which needs memory for a second
 *     model
 */
public record Setting(PromptSet prompts, int shots, double learningRate, boolean patches, boolean allWeights) {
    public Setting {
        if (shots < 1 || shots >= prompts.boundaries().size()) {
            throw new IllegalArgumentException(
                    shots + " demonstrations of " + (prompts.boundaries().size() - 1));
        }
    }
}
