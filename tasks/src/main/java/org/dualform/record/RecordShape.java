package org.dualform.record;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes of a file of records, and the places of a row's numbers in it.
 *
 * @param layers number of the model's layers
 * @param heads number of query heads
 * @param width width of the residual stream
 * @param queryWidth number of heads times the width of one
 * @param lengths for each row the number of its tokens up to the recorded one
 */
public record RecordShape(int layers, int heads, int width, int queryWidth, List<Integer> lengths) {
    /**
     * Scores over the context and query vectors are kept for the first rows only, as many as in Dai et al. 2022 (<a
     * href="https://arxiv.org/abs/2212.10559">arXiv:2212.10559</a>).
     */
    public static final int CONTEXT_ROWS = 100;

    public RecordShape {
        lengths = List.copyOf(lengths);
    }

    /** The sizes that a file of rows gives in its metadata. */
    public static RecordShape of(RecordReader file) {
        List<Integer> sizes = file.numbers("shape", 4);
        return new RecordShape(sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3), file.numbers("query_lengths"));
    }

    public int rows() {
        return lengths.size();
    }

    /** The number of rows that have scores over the context, or query vectors. */
    public int contextRows() {
        return Math.min(CONTEXT_ROWS, rows());
    }

    /** The shapes of a setting's tensors by name, in the file's order. */
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

    /** The place of a row's first number in {@link Setting#queryScores}. */
    public long queryScores(int row) {
        long tokens = 0;
        for (int length : lengths.subList(0, row)) tokens += length;
        return tokens * layers * heads;
    }

    /** The number of bytes of tensors of these shapes. */
    public static long bytes(Map<String, long[]> shapes) {
        return shapes.values().stream()
                .mapToLong(shape -> Float.BYTES * Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
    }
}
