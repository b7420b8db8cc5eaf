package org.dualform.pretrain;

/** The mean of the losses since the last report. */
final class MeanLoss {
    private double loss;
    private double auxiliary;
    private int steps;

    void add(PretrainingStep.Losses losses) {
        loss += losses.loss();
        auxiliary += losses.auxiliary();
        steps++;
    }

    double loss() {
        return loss / steps;
    }

    /** The mean auxiliary loss; NaN unless it was computed in every step. */
    double auxiliary() {
        return auxiliary / steps;
    }
}
