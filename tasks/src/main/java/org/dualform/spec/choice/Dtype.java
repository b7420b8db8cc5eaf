package org.dualform.spec.choice;

/** Data type of the computation. */
public enum Dtype implements Choice {
    FLOAT32
}
