package org.dualform.score.similarity;

import java.util.Arrays;
import java.util.List;

/**
 * Orders tokens and whole demonstrations by weights that are given before a softmax.
 *
 * @param demonstrations columns of each demonstration among the tokens; empty ones are left out
 */
record TokenOrders(List<CellRecords.Columns> demonstrations) {
    /** How many tokens are the top, as in the official code of Dai et al. 2022. */
    static final int TOP_TOKENS = 100;

    static final int TOP_EXAMPLES = 5;

    /** How many demonstrations have a token. */
    int count() {
        return (int)
                demonstrations.stream().filter(columns -> columns.size() > 0).count();
    }

    double[] byExample(double[] tokens) {
        return demonstrations.stream()
                .filter(columns -> columns.size() > 0)
                .mapToDouble(columns -> logSumExp(tokens, columns))
                .toArray();
    }

    /** The logarithm of a demonstration's mass, up to a constant. It orders as the mass does and never underflows. */
    private static double logSumExp(double[] tokens, CellRecords.Columns columns) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = columns.first(); i < columns.end(); i++) highest = Math.max(highest, tokens[i]);
        double sum = 0;
        for (int i = columns.first(); i < columns.end(); i++) sum += Math.exp(tokens[i] - highest);
        return highest + Math.log(sum);
    }

    /** A softmax in single precision, with its underflow, as in the official code. */
    static double[] softmax(double[] tokens) {
        float highest = Float.NEGATIVE_INFINITY;
        for (double token : tokens) highest = Math.max(highest, (float) token);
        float[] shares = new float[tokens.length];
        float sum = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) Math.exp((float) tokens[i] - highest);
            sum += shares[i];
        }
        double[] softmax = new double[shares.length];
        for (int i = 0; i < shares.length; i++) softmax[i] = shares[i] / sum;
        return softmax;
    }

    /** The mass inside each demonstration. */
    double[] masses(double[] shares) {
        return demonstrations.stream()
                .filter(columns -> columns.size() > 0)
                .mapToDouble(columns -> (float)
                        Arrays.stream(shares, columns.first(), columns.end()).sum())
                .toArray();
    }

    /** Of the {@code top} greatest of a, the share that is among those of b; NaN where there are no more than {@code top}. */
    static double recall(Ranking a, Ranking b, int top) {
        if (a.size() <= top) return Double.NaN;
        boolean[] inA = a.greatest(top);
        boolean[] inB = b.greatest(top);
        int both = 0;
        for (int i = 0; i < inA.length; i++) both += inA[i] && inB[i] ? 1 : 0;
        return both / (double) top;
    }
}
