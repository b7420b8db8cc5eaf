package org.dualform.score.similarity;

/**
 * Kendall's τ-b in O(N log N). The numbers are visited in the order of one ranking, and those already visited are counted
 * in a Fenwick tree over the places of the other (Fenwick 1994, <a
 * href="https://doi.org/10.1002/spe.4380240306">doi:10.1002/spe.4380240306</a>) whose leaves are words of 64 places.
 */
final class KendallTau {
    private static final int WORD_BITS = 6;

    private final long[] words;
    private final int[] tree;

    private KendallTau(int places) {
        words = new long[(places >> WORD_BITS) + 1];
        tree = new int[words.length + 1];
    }

    /** τ-b of two rankings of the same numbers; NaN where one of them has no two different values. */
    static double of(Ranking a, Ranking b) {
        long all = (long) a.size() * (a.size() - 1) / 2;
        long differA = all - a.ties();
        long differB = all - b.ties();
        if (differA == 0 || differB == 0) return Double.NaN;
        long balance = new KendallTau(a.size()).balance(a, b);
        return balance / Math.sqrt((double) differA) / Math.sqrt((double) differB);
    }

    /** Pairs that both order alike, minus pairs that they order differently. */
    private long balance(Ranking a, Ranking b) {
        long balance = 0;
        for (int from = 0, to; from < a.size(); from = to) {
            to = a.end(a.at(from));
            for (int p = from; p < to; p++) {
                int below = below(b.first(a.at(p)));
                boolean alone = b.end(a.at(p)) - b.first(a.at(p)) == 1;
                balance += below - (from - (alone ? below : below(b.end(a.at(p)))));
            }
            for (int p = from; p < to; p++) add(b.place(a.at(p)));
        }
        return balance;
    }

    private void add(int place) {
        int word = place >> WORD_BITS;
        words[word] |= 1L << place;
        for (int i = word + 1; i < tree.length; i += i & -i) tree[i]++;
    }

    /** How many of the numbers already visited have a place below {@code place}. */
    private int below(int place) {
        int word = place >> WORD_BITS;
        int count = Long.bitCount(words[word] & ((1L << place) - 1));
        for (int i = word; i > 0; i -= i & -i) count += tree[i];
        return count;
    }
}
