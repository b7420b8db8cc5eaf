package org.dualform.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.dualform.spec.choice.LearningRate;
import org.jspecify.annotations.Nullable;

/** The values of one data set that differ from the experiment's; null: as in the experiment. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PerDataset(
        @Nullable List<Integer> shots,
        @Nullable List<Integer> seeds,
        @Nullable LearningRate learningRate) {}
