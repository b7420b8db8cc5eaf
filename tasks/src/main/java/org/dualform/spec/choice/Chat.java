package org.dualform.spec.choice;

/** Whether prompts are conversations. */
public enum Chat implements Choice {
    /** Plain text, as in Dai et al. 2022 (arXiv:2212.10559). */
    OFF,
    /** Conversations in the form of the model's own chat template. */
    AUTO
}
