package org.dualform.spec.choice;

/** What a method may choose for itself among several candidates. */
public enum Choosable implements Choice {
    SEED,
    ORDER,
    TEMPLATE
}
