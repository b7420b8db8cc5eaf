package org.dualform.theory.result;

import com.fasterxml.jackson.annotation.JsonValue;

/** What is measured in a layer. An identity's measure is its relative residual, which only rounding keeps from 0. */
public enum Measure {
    LINEAR_ICL("identity.linear_icl", "linear attention with demonstrations = (W_ZSL + ΔW_ICL) q", true),
    LINEAR_FT("identity.linear_ft", "linear attention after fine-tuning = (W_ZSL + ΔW_FT) q", true),
    THREE_TERMS("identity.three_terms", "ΔW_FT = its three terms (only where keys are affine in the input)", true),
    MIXTURE(
            "identity.softmax_mixture",
            "the layer's real output = mixture, by attention mass, of query part and demonstrations",
            true),
    PATCH("identity.patch", "logits of patched weights without context = logits with context", true),
    MASS("demonstration_mass", "share of the softmax's attention on demonstrations", false),
    RELAXATION(
            "relaxation_distance",
            "distance of softmax attention from linear attention (0 parallel, 1 at a right angle)",
            false),
    ICL_RANK("icl.rank", "rank of ΔW_ICL", false),
    ICL_STABLE_RANK("icl.stable_rank", "stable rank of ΔW_ICL, ‖·‖_F² / σ₁²", false),
    ICL_NORM("icl.norm", "Frobenius norm of ΔW_ICL", false),
    FT_RANK("ft.rank", "rank of ΔW_FT", false),
    FT_STABLE_RANK("ft.stable_rank", "stable rank of ΔW_FT", false),
    FT_NORM("ft.norm", "Frobenius norm of ΔW_FT", false),
    COSINE("cosine", "cosine of ΔW_ICL and ΔW_FT as matrices", false),
    OVERLAP_VALUES("overlap.values", "mean squared cosine of the principal angles, output side", false),
    OVERLAP_KEYS("overlap.keys", "mean squared cosine of the principal angles, query side", false),
    ANGLE_VALUES("angle.values", "smallest principal angle in degrees, output side", false),
    ANGLE_KEYS("angle.keys", "smallest principal angle in degrees, query side", false),
    ALIGNMENT("alignment", "cosine of ΔW_ICL q and ΔW_FT q for real queries q", false),
    PATCH_NORM("patch.norm", "size of a query's patch against the matrix it changes", false),
    PATCH_SHARED(
            "patch.shared", "largest eigenvalue's share over the queries' patches (1: one patch serves all)", false),
    PATCH_DIRECTIONS("patch.directions", "effective number of directions of the queries' patches", false),
    PATCH_FT("patch.ft_cosine", "cosine of a query's patch and fine-tuning's change of the same matrix", false);

    private final String id;
    private final String meaning;
    private final boolean identity;

    Measure(String id, String meaning, boolean identity) {
        this.id = id;
        this.meaning = meaning;
        this.identity = identity;
    }

    @JsonValue
    public String id() {
        return id;
    }

    /** What it is, in a line for people. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is the residual of an identity. */
    public boolean isIdentity() {
        return identity;
    }
}
