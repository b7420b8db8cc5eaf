package org.dualform.score.similarity;

import java.util.Arrays;
import java.util.List;

/**
 * How two weights of the same demonstrations' tokens, given before a softmax, order tokens and whole demonstrations.
 *
 * @param demonstrations columns of each demonstration among the tokens; empty ones are left out
 */
record TokenOrders(List<CellRecords.Columns> demonstrations) {
    /** What the official code takes as the top. */
    static final int TOP_TOKENS = 100;

    static final int TOP_EXAMPLES = 5;

    /** Demonstrations with a token. */
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

    /** The logarithm of the mass inside a demonstration, up to a constant: orders as the mass does, and never underflows. */
    private static double logSumExp(double[] tokens, CellRecords.Columns columns) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = columns.first(); i < columns.end(); i++) highest = Math.max(highest, tokens[i]);
        double sum = 0;
        for (int i = columns.first(); i < columns.end(); i++) sum += Math.exp(tokens[i] - highest);
        return highest + Math.log(sum);
    }

    /** As the paper's code: a softmax in single precision, with its underflow. */
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

    /** The share of a's {@code top} greatest that are among b's; NaN where there are not more than that. */
    static double recall(Ranking a, Ranking b, int top) {
        if (a.size() <= top) return Double.NaN;
        boolean[] inA = a.greatest(top);
        boolean[] inB = b.greatest(top);
        int both = 0;
        for (int i = 0; i < inA.length; i++) both += inA[i] && inB[i] ? 1 : 0;
        return both / (double) top;
    }
}
