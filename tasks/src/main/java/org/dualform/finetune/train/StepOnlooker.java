package org.dualform.finetune.train;

import org.dualform.model.Probe;

/** Sees the forward passes of training. */
public interface StepOnlooker {
    /** An onlooker that sees nothing. */
    StepOnlooker NONE = sequence -> Probe.NONE;

    /** The probe for the forward pass over this sequence, with the weights before its step. */
    Probe step(Sequence sequence);
}
