package org.dualform.model.part;

/** How a block adds attention and the feed-forward part to the residual stream x. */
public enum Residual {
    /** m = x + attention(norm(x)), then m + feed(norm(m)). */
    PRE_NORM,
    /** m = norm(x + attention(x)), then norm(m + feed(m)). */
    POST_NORM,
    /** n = norm(x), m = n + attention(n), then n′ = norm(m), n′ + feed(n′): the norms' outputs are added to. */
    NORMED,
    /** m = x + norm(attention(x)), then m + norm(feed(m)). */
    OUTPUT_NORM,
    /** m = x + norm′(attention(norm(x))), then m + norm′(feed(norm(m))). */
    SANDWICH_NORM,
    /** x + attention(norm(x)) + feed(norm′(x)). In families with one norm for each block, both parts share it. */
    PARALLEL
}
