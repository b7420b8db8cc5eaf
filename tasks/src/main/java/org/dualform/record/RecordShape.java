package org.dualform.record;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sizes of a file of records, and where in it a row's numbers are.
 *
 * @param layers of the model
 * @param heads of queries
 * @param width of the residual stream
 * @param queryWidth heads times their dimension
 * @param lengths recorded part of each row: its tokens up to the recorded one; one a row
 */
public record RecordShape(int layers, int heads, int width, int queryWidth, List<Integer> lengths) {
    /** For so many rows, the first, scores over the context and query vectors are kept: the paper's number. */
    public static final int CONTEXT_ROWS = 100;

    public RecordShape {
        lengths = List.copyOf(lengths);
    }

    public int rows() {
        return lengths.size();
    }

    /** How many rows have scores over the context, or query vectors. */
    public int contextRows() {
        return Math.min(CONTEXT_ROWS, rows());
    }

    /** The tensors of one setting with their shapes, in the file's order. */
    public Map<String, long[]> tensors(Setting setting, int contextTokens) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(setting.attentionOutput(), new long[] {rows(), layers, width});
        shapes.put(setting.queryScores(), new long[] {queryScores(rows())});
        if (setting.hasContext()) {
            shapes.put(setting.contextScores(), new long[] {contextRows(), layers, contextTokens});
        }
        if (setting == Setting.FT) shapes.put(setting.queries(), new long[] {contextRows(), layers, queryWidth});
        return shapes;
    }

    /** First number of a row in {@link Setting#queryScores}. */
    public long queryScores(int row) {
        long tokens = 0;
        for (int length : lengths.subList(0, row)) tokens += length;
        return tokens * layers * heads;
    }

    /** Bytes of tensors of these shapes. */
    public static long bytes(Map<String, long[]> shapes) {
        return shapes.values().stream()
                .mapToLong(shape -> Float.BYTES * Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
    }
}
