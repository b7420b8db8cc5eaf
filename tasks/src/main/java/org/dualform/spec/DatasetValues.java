package org.dualform.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What one data set has otherwise than the experiment; empty: as the experiment. */
public record DatasetValues(
        Optional<List<Integer>> shots, Optional<List<Integer>> seeds, OptionalDouble learningRate) {}
