package org.dualform.finetune.train;

import org.dualform.finetune.update.WeightUpdate;

/** What training gave: the change of the weights, and how the training went. */
public record Tuned(WeightUpdate update, Training training) {}
