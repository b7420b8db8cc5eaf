package org.dualform.spec.choice;

/** The rows on which learning rates, seeds, orders and templates are chosen. */
public enum SelectOn implements Choice {
    /** Training rows that are never demonstrations. */
    TRAIN,
    /** The rows that are reported, as in the paper; the numbers it touches come out too high. */
    REPORTED,
    /** No rows: nothing is chosen, and {@link LearningRate#UNCHOSEN} and the largest shot count stand in. */
    NONE
}
