package org.dualform.spec.choice;

/** The token whose attention is recorded. */
public enum RecordPosition implements Choice {
    /** The last token of the prompt, which predicts the label. */
    PREDICT,
    /** The last token of the first candidate, as in the paper's published code. */
    OFFICIAL
}
