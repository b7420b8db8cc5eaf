package org.dualform.model.part;

/** The role of a weight in the part that holds it. */
public enum Role {
    /** Token or position embedding. */
    EMBEDDING,
    /** The output head's own matrix, if it is not the embedding. */
    HEAD,
    /** The matrix of a linear layer. */
    MATRIX,
    /** The bias of a linear layer. */
    BIAS,
    /** The factor of a norm. */
    NORM_SCALE,
    /** The bias of a norm. */
    NORM_SHIFT
}
