package org.dualform.theory.attention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.stream.IntStream;

/**
 * The columns that the last token of a query sees in a layer, apart: those of the demonstrations, and those that are
 * there without them too (the beginning of the sequence and the query itself).
 */
final class Columns {
    private final int[] demonstrations;
    private final int[] queryPart;

    private Columns(int[] demonstrations, int[] queryPart) {
        this.demonstrations = demonstrations;
        this.queryPart = queryPart;
    }

    /** The indices of demonstrations' columns among all columns, ascending; not to be changed. */
    int[] demonstrations() {
        return demonstrations;
    }

    /** The indices of the others that are seen, ascending; not to be changed. */
    int[] queryPart() {
        return queryPart;
    }

    /**
     * @param scores the last token's row, (H, S), −∞ where a window hides a column
     * @param opening the number of columns before the first demonstration
     * @param context the number of columns before the query
     */
    static Columns of(NDArray scores, int opening, int context) {
        double[] first = scores.get(0).toType(DataType.FLOAT64, false).toDoubleArray(); // (S)
        return new Columns(
                seen(first, opening, context),
                IntStream.concat(
                                IntStream.of(seen(first, 0, opening)), IntStream.of(seen(first, context, first.length)))
                        .toArray());
    }

    private static int[] seen(double[] scores, int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> scores[i] != Double.NEGATIVE_INFINITY)
                .toArray();
    }

    static long[] longs(int[] indices) {
        return IntStream.of(indices).asLongStream().toArray();
    }
}
