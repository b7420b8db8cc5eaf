package org.dualform.spec.arm;

import org.dualform.spec.choice.Choice;

/** The weights that a model runs with. Its names are those of the controls, too. */
public enum ModelVariant implements Choice {
    /** The weights in its files. */
    TRAINED,
    /** Random weights throughout. */
    UNTRAINED,
    /** Random weights, except embeddings, head and norms. */
    UNTRAINED_EMBEDDINGS
}
