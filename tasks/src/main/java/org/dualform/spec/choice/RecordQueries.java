package org.dualform.spec.choice;

/** Which query vectors are recorded; the two are equal in models without rotary positions. */
public enum RecordQueries implements Choice {
    /** Before rotary positions are applied. */
    UNROTATED,
    /** After rotary positions are applied. */
    ROTATED
}
