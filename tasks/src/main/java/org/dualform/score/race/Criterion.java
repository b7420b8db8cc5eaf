package org.dualform.score.race;

import java.util.List;

/** What makes a candidate the best, and how large a lead has to be to matter. */
public enum Criterion {
    /** The mean log-likelihood of the right label, in nats. It also distinguishes candidates of equal accuracy. */
    LIKELIHOOD {
        @Override
        double of(RowScore row) {
            return row.logLikelihood();
        }
    },
    /** Accuracy, as in Dai et al. 2022; among equals the more likely. */
    ACCURACY {
        @Override
        double of(RowScore row) {
            return row.right() ? 1 : 0;
        }
    };

    /**
     * A candidate that is ahead by no more than this is not waited for: 0.02 nats, or two points of accuracy, the margin
     * within which the report calls methods equivalent.
     */
    public static final double MARGIN = 0.02;

    abstract double of(RowScore row);

    double mean(List<RowScore> rows) {
        return rows.stream().mapToDouble(this::of).average().orElse(Double.NEGATIVE_INFINITY);
    }
}
