package org.dualform.finetune.train;

import org.dualform.finetune.update.WeightUpdate;

/** The result of training: the change of the weights, and how training went. */
public record Tuned(WeightUpdate update, Training training) {}
