package org.dualform.spec;

import org.dualform.spec.choice.Choice;

/** How the demonstrations reach the model. */
public enum Method implements Choice {
    /** In the prompt: in-context learning. */
    ICL,
    /** In the weights: fine-tuning of the key and value projections. */
    FT
}
