package org.dualform.finetune.train;

/**
 * When training counts as diverged: a loss or a weight is no finite number, or the loss before a step exceeds one and a half
 * times the larger of the first step's loss and a uniform guess's, ln(vocabulary).
 *
 * <p>A uniform guess bounds what a sound model loses on any text, and the first loss allows for models that are worse than
 * that on foreign text. Half as much again allows for demonstrations that are harder than the first.
 */
public final class Divergence {
    private static final double FACTOR = 1.5;
    private final double limit;

    Divergence(double firstLoss, long vocabulary) {
        limit = FACTOR * Math.max(firstLoss, Math.log((double) vocabulary));
    }

    boolean at(double loss) {
        return !(loss <= limit); // also where the loss or the first loss is not a number
    }
}
