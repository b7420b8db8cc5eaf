package org.dualform.score.race;

import java.util.List;

/**
 * By how much one candidate may be ahead of another on all rows, judged from the first of them. Each row is compared
 * with itself, so that what makes a row easy or hard for both has no part in it.
 *
 * <p>The rows are in random order. The first n of N are therefore a sample without replacement, and the interval for the
 * difference over all N shrinks by √(1 − n/N), to nothing at n = N (Cochran 1977, 2.6).
 */
final class PairedLead {
    private PairedLead() {}

    /**
     * The upper end of the one-sided interval of candidate minus leader.
     *
     * @param candidate the scores of the first rows, at least two
     * @param leader the scores of the same rows
     * @param all the number of rows that there are
     * @param error the probability that the difference over all rows is larger
     */
    static double atMost(Criterion criterion, List<RowScore> candidate, List<RowScore> leader, int all, double error) {
        int n = candidate.size();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double difference = criterion.of(candidate.get(i)) - criterion.of(leader.get(i));
            sum += difference;
            squares += difference * difference;
        }
        double width = StudentT.quantile(error, n - 1)
                * Math.sqrt(variance(criterion, sum, squares, n) / n * (1 - (double) n / all));
        return sum / n + width;
    }

    /**
     * The variance of a row's difference. Answers that agree on a few rows may still differ on others, so half a row
     * won and half a row lost are added to those of accuracy (as Agresti and Min 2005 do for paired proportions).
     */
    private static double variance(Criterion criterion, double sum, double squares, int n) {
        if (criterion == Criterion.LIKELIHOOD) return Math.max(0, (squares - sum * sum / n) / (n - 1));
        int padded = n + 1;
        return (squares + 1 - sum * sum / padded) / (padded - 1);
    }
}
