package org.dualform.task.theory;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code dual_form}.
 *
 * @param experiment a spec, or a form's values; of each data set the first cell is measured, at its largest shot count
 * @param precision null for single precision
 * @param patches whether the context is also written into weights; null for yes
 * @param allWeights whether patches are compared with fine-tuning of all weights; null for yes
 * @param untrained whether the same is measured with random weights, as a floor; null for yes
 */
public record DualFormParameters(
        JsonNode experiment,
        @Nullable Precision precision,
        @Nullable Boolean patches,
        @Nullable Boolean allWeights,
        @Nullable Boolean untrained) {
    Precision numbers() {
        return precision == null ? Precision.FLOAT32 : precision;
    }

    boolean withPatches() {
        return !Boolean.FALSE.equals(patches);
    }

    boolean withAllWeights() {
        return !Boolean.FALSE.equals(allWeights);
    }

    boolean withUntrained() {
        return !Boolean.FALSE.equals(untrained);
    }
}
