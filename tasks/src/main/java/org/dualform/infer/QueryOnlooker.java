package org.dualform.infer;

import java.util.List;
import org.dualform.model.Probe;

/** Sees the forward passes of queries. */
public interface QueryOnlooker {
    /** An onlooker that sees nothing. */
    QueryOnlooker NONE = rows -> Probe.NONE;

    /** The probe for the forward pass of one chunk with these rows. */
    Probe chunk(List<ChunkRow> rows);

    /**
     * A row of a chunk: a query followed by a continuation.
     *
     * @param query the query's index
     * @param continuation the continuation's index in {@link Candidates#continuations}
     * @param queryTokens the number of tokens of the query alone
     */
    record ChunkRow(int query, int continuation, int queryTokens) {}

    /** Sees a whole sweep, one shot count after the other. */
    interface OfSweep {
        OfSweep NONE = (shots, contextTokens) -> QueryOnlooker.NONE;

        QueryOnlooker at(int shots, int contextTokens);
    }
}
