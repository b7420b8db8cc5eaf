package org.dualform.score.similarity;

import java.util.Arrays;

/**
 * The ascending order of finite numbers. Equal numbers take neighbouring places, ordered by index.
 *
 * <p>Three counting passes sort the numbers by their bits in single precision, in linear time. Then neighbours that single
 * precision did not tell apart are put right.
 */
final class Ranking {
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;

    /** The longest stretch of numbers, equal in single precision, that is put right by insertion. */
    private static final int FEW = 32;

    private final int[] order;
    private final int[] place;
    private final int[] first;
    private final int[] end;

    private Ranking(int[] order, double[] values) {
        int n = order.length;
        this.order = order;
        place = new int[n];
        first = new int[n];
        end = new int[n];
        for (int from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && values[order[to]] == values[order[from]]) to++;
            for (int p = from; p < to; p++) {
                place[order[p]] = p;
                first[order[p]] = from;
                end[order[p]] = to;
            }
        }
    }

    /** Ranks {@code values}; −0 equals 0. */
    static Ranking of(double[] values) {
        int[] keys = new int[values.length];
        for (int i = 0; i < keys.length; i++) keys[i] = ascending((float) (values[i] + 0.0));
        int[] order = countingSort(keys);
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && keys[order[to]] == keys[order[from]]) to++;
            if (to - from > FEW) mergeSort(order, from, to, values);
            else insertionSort(order, from, to, values);
        }
        return new Ranking(order, values);
    }

    /**
     * The ranking of numbers that keep this order but may make neighbours equal. Equal neighbours stay in their order.
     */
    Ranking blurred(double[] values) {
        for (int p = 1; p < order.length; p++) {
            if (values[order[p]] < values[order[p - 1]]) return of(values);
        }
        return new Ranking(order, values);
    }

    int size() {
        return order.length;
    }

    /** Index of the number at a place. */
    int at(int place) {
        return order[place];
    }

    /** The place of the number with this index. */
    int place(int index) {
        return place[index];
    }

    /** The first place of the group of equal numbers that the number with this index is in. */
    int first(int index) {
        return first[index];
    }

    /** The place after the last of that group. */
    int end(int index) {
        return end[index];
    }

    /** How many pairs of equal numbers there are. */
    long ties() {
        long ties = 0;
        for (int p = 0; p < order.length; p++) ties += p - first[order[p]];
        return ties;
    }

    /** By index, whether a number is among the {@code count} greatest; of equal numbers those with lower indices are. */
    boolean[] greatest(int count) {
        boolean[] among = new boolean[order.length];
        int left = Math.min(count, order.length);
        for (int end = order.length; left > 0; end = first[order[end - 1]]) {
            for (int p = first[order[end - 1]]; p < end && left > 0; p++, left--) among[order[p]] = true;
        }
        return among;
    }

    /** The bits of a number as an integer that, read without a sign, orders as the number does. */
    private static int ascending(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ ((bits >> 31) | 0x8000_0000);
    }

    private static int[] countingSort(int[] keys) {
        int n = keys.length;
        int[] from = new int[n];
        int[] to = new int[n];
        for (int i = 0; i < n; i++) from[i] = i;
        for (int shift = 0; shift < Integer.SIZE; shift += DIGIT_BITS) {
            int[] ends = new int[DIGITS];
            for (int key : keys) ends[(key >>> shift) & (DIGITS - 1)]++;
            int sum = 0;
            for (int d = 0; d < DIGITS; d++) {
                int count = ends[d];
                ends[d] = sum;
                sum += count;
            }
            for (int index : from) to[ends[(keys[index] >>> shift) & (DIGITS - 1)]++] = index;
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void insertionSort(int[] order, int from, int to, double[] values) {
        for (int i = from + 1; i < to; i++) {
            int index = order[i];
            int at = i;
            for (; at > from && values[order[at - 1]] > values[index]; at--) order[at] = order[at - 1];
            order[at] = index;
        }
    }

    private static void mergeSort(int[] order, int from, int to, double[] values) {
        Integer[] indices = new Integer[to - from];
        Arrays.setAll(indices, i -> order[from + i]);
        Arrays.sort(indices, (i, j) -> Double.compare(values[i] + 0.0, values[j] + 0.0));
        for (int i = from; i < to; i++) order[i] = indices[i - from];
    }
}
