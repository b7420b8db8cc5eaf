package org.dualform.patch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * What the feed-forward part of a block meets at some tokens.
 *
 * <p>Legend: B batch, T tokens, n tokens that are looked at, d width.
 *
 * @param base what its result is added to, (n, d)
 * @param input its input, (n, d)
 */
public record FedRow(NDArray base, NDArray input) {
    /** The last token's row of one sequence: (1, T, d), or (1, d) if only that token is read, gives (1, d). */
    static NDArray last(NDArray x) {
        return x.getShape().dimension() == 2 ? x : x.get(":, -1"); // (1, d)
    }

    /**
     * The rows of some tokens: (B, T, d) gives (n, d). If only these tokens are read, {@code x} is (n, d) already.
     *
     * @param positions of the tokens in the batch, whose rows are laid end to end (B·T)
     */
    static NDArray at(NDArray x, long[] positions) {
        if (x.getShape().dimension() == 2) return x;
        NDArray rows = x.getManager().create(positions); // (n)
        return x.reshape(-1, x.getShape().get(2)).get(new NDIndex("{}", rows)); // (n, d)
    }
}
