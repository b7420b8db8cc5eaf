package org.dualform.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** Makes arrays of token ids in the form that the decoder takes. */
public final class TokenBatch {
    private TokenBatch() {}

    /** One sequence: (1, T), INT64. */
    public static NDArray row(NDManager manager, long[] ids) {
        return padded(manager, List.of(ids));
    }

    /** Sequences of any lengths from 1 up, padded on the right with id 0: (B, longest), INT64. */
    public static NDArray padded(NDManager manager, List<long[]> rows) {
        int longest = 0;
        for (long[] row : rows) {
            if (row.length == 0) throw new IllegalArgumentException("a sequence needs at least one token");
            longest = Math.max(longest, row.length);
        }
        if (rows.isEmpty()) throw new IllegalArgumentException("a batch needs at least one sequence");
        long[] flat = new long[rows.size() * longest];
        for (int b = 0; b < rows.size(); b++) {
            System.arraycopy(rows.get(b), 0, flat, b * longest, rows.get(b).length);
        }
        return manager.create(flat, new Shape(rows.size(), longest)); // (B, T)
    }
}
