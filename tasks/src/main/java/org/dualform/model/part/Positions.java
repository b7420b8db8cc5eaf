package org.dualform.model.part;

import ai.djl.ndarray.NDArray;

/**
 * What is added to the embeddings of positions 0, 1, 2, ….
 *
 * @param table (P, d)
 * @param learned whether the table is a weight; otherwise it follows from its shape
 */
public record Positions(NDArray table, boolean learned) {
    Positions map(WeightMapping mapping) {
        return learned ? new Positions(mapping.apply("positions", Role.EMBEDDING, table), true) : this;
    }

    /** Rows {@code start} … {@code start + tokens - 1}: (T, d). */
    public NDArray rows(long start, long tokens) {
        return table.get("{}:{}", start, start + tokens);
    }
}
