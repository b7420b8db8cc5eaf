package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an interval was made. */
public enum IntervalMethod {
    /** Wilson's score interval of a share. */
    @JsonProperty("wilson")
    WILSON,
    /** Bootstrap that resamples seeds and examples. */
    @JsonProperty("bootstrap")
    BOOTSTRAP,
    /** Bootstrap that resamples examples only: what it says holds for these seeds. */
    @JsonProperty("bootstrap-examples")
    BOOTSTRAP_EXAMPLES,
    /** A sup-t band, which holds at all shot counts of a curve at once. */
    @JsonProperty("sup-t")
    SUP_T,
    /** Made from the intervals of two independent estimates, for their difference. */
    @JsonProperty("mover")
    MOVER,
    /** Read from the tracking server, which keeps the ends alone. */
    @JsonProperty("tracked")
    TRACKED
}
