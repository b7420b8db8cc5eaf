package org.dualform.model.gguf;

/**
 * How llama.cpp's converter lays out a tensor, against the Hugging Face file. Legend: H heads, hd width of a head, d width
 * of the input.
 */
public enum Layout {
    /** The same numbers in the same order. */
    SAME,
    /** (out, in) where the Hugging Face file has (in, out). */
    TRANSPOSED,
    /** 1 is added to every number. */
    PLUS_ONE,
    /**
     * The rows of each query head are ordered for rotation of neighbours: dimension i of the first half of a head, then
     * dimension i of its second half. (H, hd/2, 2, d) where the Hugging Face file has (H, 2, hd/2, d).
     */
    PAIRED_QUERY,
    /** The same for key heads. */
    PAIRED_KEY,
    /** Rows of all queries, all keys, all values, (3, H, hd, d), where the Hugging Face file has (H, 3, hd, d). */
    JOINED;

    /** Whether rows have other places than in the Hugging Face file. */
    boolean movesRows() {
        return this == PAIRED_QUERY || this == PAIRED_KEY || this == JOINED;
    }

    /**
     * The row of the GGUF tensor that holds a row of the Hugging Face tensor.
     *
     * @param rows the number of rows, a multiple of {@link #group} times {@code heads}
     * @param heads the number of heads that the rows belong to
     */
    long sourceRow(long row, long rows, int heads) {
        switch (this) {
            case PAIRED_QUERY, PAIRED_KEY -> {
                long headDim = rows / heads;
                long within = row % headDim;
                return row - within + within % (headDim / 2) * 2 + within / (headDim / 2);
            }
            case JOINED -> {
                long headDim = rows / heads / 3;
                long head = row / (3 * headDim);
                long part = row / headDim % 3;
                return (part * heads + head) * headDim + row % headDim;
            }
            default -> {
                return row;
            }
        }
    }

    /** The number of rows of a head has to be a multiple of this. */
    int group() {
        return switch (this) {
            case PAIRED_QUERY, PAIRED_KEY -> 2;
            case JOINED -> 3;
            default -> 1;
        };
    }
}
