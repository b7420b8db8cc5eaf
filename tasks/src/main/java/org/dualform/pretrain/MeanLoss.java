package org.dualform.pretrain;

/** The mean of the losses since the last report. */
final class MeanLoss {
    private double loss;
    private double auxiliary;
    private int steps;

    /** The mean at the point where {@link #sums} were taken. */
    static MeanLoss of(double... sums) {
        MeanLoss mean = new MeanLoss();
        mean.loss = sums[0];
        mean.auxiliary = sums[1];
        mean.steps = (int) sums[2];
        return mean;
    }

    /** What a checkpoint keeps of it. */
    double[] sums() {
        return new double[] {loss, auxiliary, steps};
    }

    void add(PretrainingStep.Losses losses) {
        loss += losses.loss();
        auxiliary += losses.auxiliary();
        steps++;
    }

    /** The mean loss. */
    double loss() {
        return loss / steps;
    }

    /** The mean auxiliary loss; NaN unless it was computed in every step. */
    double auxiliary() {
        return auxiliary / steps;
    }
}
