package org.dualform.finetune;

/**
 * When training counts as diverged: the loss, or a weight, is no finite number, or the loss before a step exceeds twice
 * the larger of the first step's loss and a uniform guess's, ln(vocabulary).
 *
 * <p>A uniform guess bounds what an untouched model should lose; the first loss is allowed for, since a model may be worse
 * than that on foreign text. Demonstrations differ in difficulty, hence the factor.
 */
final class Divergence {
    private static final double FACTOR = 2;
    private final double limit;

    Divergence(double firstLoss, long vocabulary) {
        limit = FACTOR * Math.max(firstLoss, Math.log((double) vocabulary));
    }

    boolean at(double loss) {
        return !(loss <= limit); // also where the loss or the first loss is not a number
    }
}
