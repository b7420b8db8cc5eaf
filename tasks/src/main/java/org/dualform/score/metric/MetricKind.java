package org.dualform.score.metric;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What sort of number a metric is. The kind decides how it is shown and which intervals make sense. */
public enum MetricKind {
    /** A share of cases, in [0, 1]: an accuracy, a recall among errors, an agreement. */
    @JsonProperty("share")
    SHARE,
    /** One share minus another, in [−1, 1]. */
    @JsonProperty("difference")
    DIFFERENCE,
    /** How alike two methods are, by any measure: a cosine, a rank correlation, a divergence. A mean over examples. */
    @JsonProperty("similarity")
    SIMILARITY,
    /** The standard deviation of a share. */
    @JsonProperty("spread")
    SPREAD,
    /** A quantity that is no estimate and has no n: seconds, tokens, steps, a loss. */
    @JsonProperty("cost")
    COST,
    /** Not stated: the metric was read from a file of a version that wrote no kinds. */
    @JsonProperty("unstated")
    UNSTATED
}
