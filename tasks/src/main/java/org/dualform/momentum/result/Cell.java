package org.dualform.momentum.result;

import org.jspecify.annotations.Nullable;

/**
 * One model at one context length or shot count.
 *
 * @param mean over seeds
 * @param difference from the vanilla model, paired by seed; null for that model, and where fewer than two seeds have both
 */
public record Cell(double mean, @Nullable PairedInterval difference) {}
