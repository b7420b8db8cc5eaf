package org.dualform.model.part;

/** How a block adds attention and the feed-forward part to what comes in. */
public enum Residual {
    /** m = x + attention(norm x); m + feed(norm m). */
    PRE_NORM,
    /** m = norm(x + attention(x)); norm(m + feed(m)). */
    POST_NORM,
    /** x + attention(norm x) + feed(norm′ x); where a block has one norm only, both parts share it. */
    PARALLEL
}
