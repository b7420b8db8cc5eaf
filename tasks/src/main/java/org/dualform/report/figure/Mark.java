package org.dualform.report.figure;

/** Shapes that are told apart without colour. */
public enum Mark {
    CIRCLE,
    SQUARE,
    DIAMOND
}
