package org.dualform.spec.choice;

/** What a similarity is compared with. */
public enum BaselineChoice implements Choice {
    /** A random direction with mean zero. */
    RANDOM,
    /** The paper's random direction: uniform on [0, 1). */
    RANDOM_UNIFORM,
    /** The updates of other examples. */
    PERMUTED,
    /** In-context learning under another order of the same demonstrations. */
    NOISE_FLOOR
}
