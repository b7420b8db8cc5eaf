package org.dualform.contract.chain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How often a step runs in a study. */
public enum Scope {
    /** Once. */
    @JsonProperty("study")
    STUDY,
    /** Once for each item of the plan's list for {@code select}: a model, a data set and how it is tuned. */
    @JsonProperty("select")
    SELECT,
    /** Once for each cell: a model, data set, seed, order and arm. */
    @JsonProperty("cell")
    CELL
}
