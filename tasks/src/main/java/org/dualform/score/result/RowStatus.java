package org.dualform.score.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What became of a cell at one shot count. */
public enum RowStatus {
    /** Every requested method gave outcomes. */
    @JsonProperty("ok")
    OK,
    /** Fine-tuning diverged at or before this shot count; what else there is, is reported. */
    @JsonProperty("diverged")
    DIVERGED,
    /** A requested method gave nothing, because its task failed or never ran. */
    @JsonProperty("missing")
    MISSING
}
