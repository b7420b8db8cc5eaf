package org.dualform.theory.result;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a number is compared with: the same number where there is nothing to be found. */
public enum Floor {
    /** The number itself, which is no floor. */
    NONE(""),
    /** A normally distributed matrix in the place of ΔW_ICL, or of the patch's output side. */
    RANDOM("random"),
    /** ΔW_ICL with each value beside another token's key, or each patch's sides of two queries. */
    PERMUTED("permuted"),
    /** The same model with random weights. */
    UNTRAINED("untrained");

    private final String id;

    Floor(String id) {
        this.id = id;
    }

    @JsonValue
    public String id() {
        return id;
    }
}
