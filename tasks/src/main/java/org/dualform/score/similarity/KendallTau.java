package org.dualform.score.similarity;

import java.util.Arrays;

/**
 * Kendall's τ-b in O(N log N) by counting the exchanges of a merge sort (Knight 1966, <a
 * href="https://doi.org/10.1080/01621459.1966.10480879">doi:10.1080/01621459.1966.10480879</a>).
 */
final class KendallTau {
    private KendallTau() {}

    /** NaN where one of the two has no two different values, or fewer than two values. */
    static double of(double[] a, double[] b) {
        return ofRanks(ranks(a), ranks(b));
    }

    /** Dense ranks from 0: equal values have equal ranks. */
    static int[] ranks(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            // -0.0 sorts below 0.0 and equals it.
            if (i == 0 || sorted[i] != sorted[distinct - 1]) sorted[distinct++] = sorted[i];
        }
        int[] ranks = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int found = Arrays.binarySearch(sorted, 0, distinct, values[i]);
            ranks[i] = found >= 0 ? found : Arrays.binarySearch(sorted, 0, distinct, -values[i]);
        }
        return ranks;
    }

    /** Of dense ranks. */
    static double ofRanks(int[] a, int[] b) {
        int n = a.length;
        long[] pairs = new long[n]; // sorted by a, then b: both fit in one number
        for (int i = 0; i < n; i++) pairs[i] = ((long) a[i] << Integer.SIZE) | b[i];
        Arrays.sort(pairs);
        long all = (long) n * (n - 1) / 2;
        long tiesA = 0;
        long tiesBoth = 0;
        long runA = 0;
        long runBoth = 0;
        int[] second = new int[n];
        for (int i = 0; i < n; i++) {
            second[i] = (int) pairs[i];
            runA = i > 0 && pairs[i] >> Integer.SIZE == pairs[i - 1] >> Integer.SIZE ? runA + 1 : 0;
            runBoth = i > 0 && pairs[i] == pairs[i - 1] ? runBoth + 1 : 0;
            tiesA += runA;
            tiesBoth += runBoth;
        }
        long exchanges = sort(second, new int[n], 0, n);
        long tiesB = 0;
        long runB = 0;
        for (int i = 0; i < n; i++) {
            runB = i > 0 && second[i] == second[i - 1] ? runB + 1 : 0;
            tiesB += runB;
        }
        if (all == tiesA || all == tiesB) return Double.NaN;
        long agreeing = all - tiesA - tiesB + tiesBoth - 2 * exchanges;
        return agreeing / Math.sqrt((double) (all - tiesA)) / Math.sqrt((double) (all - tiesB));
    }

    /** Sorts by merging, and counts how many pairs stood the wrong way round. */
    private static long sort(int[] values, int[] scratch, int from, int to) {
        if (to - from < 2) return 0;
        int middle = (from + to) >>> 1;
        long exchanges = sort(values, scratch, from, middle) + sort(values, scratch, middle, to);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            if (right == to || (left < middle && values[left] <= values[right])) {
                scratch[i] = values[left++];
            } else {
                exchanges += middle - left;
                scratch[i] = values[right++];
            }
        }
        System.arraycopy(scratch, from, values, from, to - from);
        return exchanges;
    }
}
