package org.dualform.finetune.train;

/**
 * Decides when training has diverged: a loss or a weight is not finite, or the loss before a step exceeds one and a
 * half times the larger of two losses, the first step's and that of a uniform guess, ln(vocabulary).
 *
 * <p>A uniform guess bounds the loss of a sound model on any text. The first loss allows for models that are worse than
 * that on unfamiliar text. The factor allows for demonstrations that are harder than the first.
 */
public final class Divergence {
    private static final double FACTOR = 1.5;
    private final double limit;

    Divergence(double firstLoss, long vocabulary) {
        limit = FACTOR * Math.max(firstLoss, Math.log((double) vocabulary));
    }

    boolean at(double loss) {
        return !(loss <= limit); // This is also true where either loss is not a number.
    }
}
