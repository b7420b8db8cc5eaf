package org.dualform.model.part;

/** What a weight is to the part that holds it. */
public enum Role {
    /** Token or position embedding. */
    EMBEDDING,
    /** The output head's own matrix, where it is not the embedding. */
    HEAD,
    /** Matrix of a linear layer. */
    MATRIX,
    /** What a linear layer adds. */
    BIAS,
    /** What a norm multiplies with. */
    NORM_SCALE,
    /** What a norm adds. */
    NORM_SHIFT
}
