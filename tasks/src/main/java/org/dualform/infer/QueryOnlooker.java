package org.dualform.infer;

import java.util.List;
import org.dualform.model.Probe;

/** Looks on while queries run. */
public interface QueryOnlooker {
    /** Sees nothing. */
    QueryOnlooker NONE = rows -> Probe.NONE;

    /** What sees the forward of one chunk, whose rows these are. */
    Probe chunk(List<ChunkRow> rows);

    /**
     * A row of a chunk: a query with a continuation behind it.
     *
     * @param query index of the query
     * @param continuation index of the continuation, see {@link Candidates#continuations}
     * @param queryTokens tokens of the query alone
     */
    record ChunkRow(int query, int continuation, int queryTokens) {}

    /** Looks on at a sweep, shot count by shot count. */
    interface OfSweep {
        OfSweep NONE = (shots, contextTokens) -> QueryOnlooker.NONE;

        QueryOnlooker at(int shots, int contextTokens);
    }
}
