package org.dualform.theory.patch;

import ai.djl.ndarray.NDArray;

/**
 * What the feed-forward part of a block meets at the last token.
 *
 * @param base what its result is added to, (1, d)
 * @param input its input, (1, d)
 */
public record FedRow(NDArray base, NDArray input) {
    /** The last token's row of one sequence: (1, T, d), or (1, d) if only that token is read, gives (1, d). */
    static NDArray last(NDArray x) {
        return x.getShape().dimension() == 2 ? x : x.get(":, -1"); // (1, d)
    }
}
