package org.dualform.finetune.train;

import org.dualform.model.Probe;

/** Looks on while sequences are trained on. */
public interface StepOnlooker {
    /** Sees nothing. */
    StepOnlooker NONE = sequence -> Probe.NONE;

    /** What sees the forward over this sequence, at the weights before its step. */
    Probe step(Sequence sequence);
}
