package org.dualform.infer;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import org.dualform.model.Decoder;
import org.dualform.model.PrefixCache;
import org.dualform.prompt.PromptSet;

/**
 * Scores a cell's queries slice by slice, at any shot count. One prefill of the longest context serves all slices and all
 * smaller counts, for as long as this is open.
 */
public final class SlicedSweep implements AutoCloseable {
    private final NDManager manager;
    private final Decoder decoder;
    private final PromptSet prompts;
    private final QueryScorer scorer;
    private final PrefixCache cache;

    /**
     * @param manager the parent of all memory used
     * @param largest the largest shot count that will be asked for; 0 for zero-shot alone
     * @param chunkRows the number of rows run at once
     */
    public SlicedSweep(NDManager manager, Decoder decoder, PromptSet prompts, int largest, int chunkRows) {
        this.manager = manager;
        this.decoder = decoder;
        this.prompts = prompts;
        this.scorer = new QueryScorer(Candidates.of(prompts), chunkRows);
        long[] context =
                Arrays.stream(prompts.context(largest).toArray()).asLongStream().toArray();
        this.cache = PrefixCache.prefill(decoder, manager, context);
    }

    /**
     * Scores some of the queries.
     *
     * @param from the first query's index
     * @param to the index after the last query's
     * @param between called between chunks of rows; it stops the scoring by throwing
     */
    public List<Prediction> score(int shots, int from, int to, Runnable between) {
        try (PrefixCache prefix = cache.cut(prompts.boundaries().get(shots))) {
            return scorer.score(manager, decoder, prefix, prompts.queries().subList(from, to), done -> between.run());
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
