package org.dualform.contract.chain;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a step runs. Whatever the trigger, the inputs that are not optional have to exist. */
public enum Trigger {
    /** Every step that it reads from succeeded. */
    @JsonProperty("all_success")
    ALL_SUCCESS,
    /** The steps that it reads from have ended, however they ended. */
    @JsonProperty("all_done")
    ALL_DONE,
    /** As {@link #ALL_DONE}, also when the run is stopped. The step alone decides whether the run succeeded. */
    @JsonProperty("teardown")
    TEARDOWN
}
